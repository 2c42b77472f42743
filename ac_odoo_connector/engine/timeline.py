# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people did, told in the chatter: gathered by appliers, written per chunk."""


def flush(env):
    """Write what was gathered since the last time."""


def forget(env):
    """Drop what was gathered: the caller's savepoint was rolled back."""
