# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every object that is kept in step, on one screen.

To add an object: write its two mapping functions, add a row here, and let its
model inherit `ac.sync.mixin`.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from . import contact


@dataclass(frozen=True)
class SyncedObject:
    """One kind of record that has a twin in ActiveCampaign.

    `name` AC's word for it, stored in ``ac.binding.object``; `model` the Odoo
    model; `path` below ``/api/3``; `to_ac(record, mappings)` and `from_ac(object)`
    the mapping, named by direction; `identity` the payload key that AC itself
    uses to tell two objects apart; `watched` the fields whose change marks.
    """

    name: str
    label: str
    model: str
    path: str
    to_ac: Callable
    from_ac: Callable
    identity: str
    watched: frozenset


OBJECTS = {
    row.name: row
    for row in (
        SyncedObject(
            name="contact",
            label="Contact",
            model="res.partner",
            path="contacts",
            to_ac=contact.to_ac,
            from_ac=contact.from_ac,
            identity="email",
            watched=contact.WATCHED,
        ),
    )
}


def fingerprint(payload):
    """Return 64 hexadecimal characters that change when the payload does."""
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
