# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What both sides of a contact last agreed on, value by value.

A *unit* is what people change as one: ``name``, ``email``, ``phone`` and each custom
field by its AC id. The common state of a unit is one text of fingerprints, no values:
that of what Odoo says and, after a space, that of what AC says where the two spell the
same thing differently ("DE" here and "Germany" there).
"""

import hashlib

UNITS = {"name": ("firstName", "lastName"), "email": ("email",), "phone": ("phone",)}
"""Units of a contact's core and AC's names of their values."""

LENGTH = 12
"""Hexadecimal characters of a fingerprint: enough to notice a change."""

NOBODY, OURS, THEIRS, BOTH = "nobody", "ours", "theirs", "both"


def units(contact):
    """Return ``{unit: text}`` of a payload or of AC's own contact object.

    How a full name is cut in two is each side's own choice, so it counts as one.

    :param contact: with ``firstName``, ``lastName``, ``email``, ``phone`` and, where
        known, ``fields`` ``{AC field id: text}``
    """
    found = {
        unit: " ".join(filter(None, (_text(contact.get(key)) for key in keys)))
        for unit, keys in UNITS.items()
    }
    found["email"] = found["email"].lower()
    return found | (contact.get("fields") or {})


def _text(value):
    return " ".join(str(value or "").split())


def keys_of(unit):
    """Return AC's names of a unit's values: one, or first and last name."""
    return UNITS.get(unit, (unit,))


def mark(text):
    """Return the fingerprint of one value."""
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def agreed(ours, theirs):
    """Return the common state of a unit that both sides now have settled."""
    mine, other = mark(ours), mark(theirs)
    return mine if mine == other else f"{mine} {other}"


def untold(state, theirs=None):
    """Return the common state without what Odoo told: it is to be told again.

    :param theirs: AC's value where that counts as heard now
    """
    heard = (state or "").rpartition(" ")[2] if theirs is None else mark(theirs)
    return f" {heard}"


def is_told(state, ours):
    """Whether Odoo's value is the one of the common state."""
    return bool(state) and state.partition(" ")[0] == mark(ours)


def is_heard(state, theirs):
    """Whether AC's value is the one of the common state."""
    return bool(state) and state.rpartition(" ")[2] == mark(theirs)


def changed(state, ours, theirs):
    """Return who has changed a unit since the common state.

    Nothing is known of a value that was never told: then a value goes before none.

    :param state: of this unit, None when there is none
    :return: NOBODY, OURS, THEIRS or BOTH
    """
    if ours == theirs:
        return NOBODY
    if not state:
        return THEIRS if not ours else OURS if not theirs else BOTH
    here, there = not is_told(state, ours), not is_heard(state, theirs)
    return {(0, 0): NOBODY, (1, 0): OURS, (0, 1): THEIRS, (1, 1): BOTH}[here, there]
