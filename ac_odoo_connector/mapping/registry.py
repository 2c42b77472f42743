# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every object that is kept in step, on one screen.

To add an object: write its two mapping functions, add a row here, and let its
model inherit `ac.sync.mixin`.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from . import account, contact


@dataclass(frozen=True)
class SyncedObject:
    """One kind of record that has a twin in ActiveCampaign.

    `name` AC's word for it, stored in ``ac.binding.object``; `model` the Odoo
    model; `path` below ``/api/3``; `to_ac(record, facts)` and `from_ac(object)`
    the mapping, named by direction; `identity(payload)` what AC itself uses to tell
    two objects apart, `shared` the reason to skip a second record with it; `scope`
    the field of ``ac.odoo.config`` that filters the records, `flag` the boolean field
    that every one of them has set, `switch` the account's field that turns the whole
    object off, if any; `metadata` the kind of its custom fields;
    `watched` the fields whose change marks.
    """

    name: str
    label: str
    model: str
    path: str
    to_ac: Callable
    from_ac: Callable
    identity: Callable
    shared: str
    scope: str
    metadata: str
    watched: frozenset
    flag: str | None = None
    switch: str | None = None


OBJECTS = {
    row.name: row
    for row in (
        # companies first: their contacts are linked with them
        SyncedObject(
            name="account",
            label="Account",
            model="res.partner",
            path="accounts",
            to_ac=account.to_ac,
            from_ac=account.from_ac,
            identity=account.identity,
            shared="shared_name",
            scope="account_domain",
            metadata="account_field",
            watched=account.WATCHED,
            flag="is_company",
            switch="sync_accounts",
        ),
        SyncedObject(
            name="contact",
            label="Contact",
            model="res.partner",
            path="contacts",
            to_ac=contact.to_ac,
            from_ac=contact.from_ac,
            identity=contact.identity,
            shared="shared_email",
            scope="partner_domain",
            metadata="field",
            watched=contact.WATCHED,
        ),
    )
}


def fingerprint(payload):
    """Return 64 hexadecimal characters that change when the payload does."""
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
