# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


class Ignore(Exception):
    """The event is kept, but there is nothing to do; the text says why."""
