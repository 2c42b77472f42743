# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


class Ignore(Exception):
    """The event is kept, but there is nothing to do; the text says why."""


class ReadAgain(Exception):
    """The contact was read before Odoo told it something: what was read is outdated."""


class Waits(Exception):
    """The event is about a contact that is linked with no partner yet; the link wakes
    it (`engine.waiting`). The text says so."""
