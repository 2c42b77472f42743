# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every object that is kept in step, on one screen.

To add an object: write its two mapping functions, add a row here, and let its
model inherit `ac.sync.mixin`.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from . import account, contact, deal, order, product


@dataclass(frozen=True)
class SyncedObject:
    """One kind of record that has a twin in ActiveCampaign.

    `name` AC's word for it, stored in ``ac.binding.object``; `model` the Odoo
    model; `path` below ``/api/3``; `to_ac(record, facts)` and `from_ac(object)`
    the mapping, named by direction; `identity(payload)` what AC itself uses to tell
    two objects apart, `shared` the reason to skip a second record with it; `scope`
    the field of ``ac.odoo.config`` that filters the records, `flag` the boolean field
    that every one of them has set, `switch` the account's field that turns the whole
    object off, if any; `metadata` the kind of its custom fields, if it has any;
    `watched` the fields whose change marks; `deletion` the account's field that says
    what becomes of the object of a deleted record; `holder` ``(column, table)`` of the
    record that has the company, if it is not the record itself; `page` whether
    ActiveCampaign has a page for each object.
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
    metadata: str | None
    watched: frozenset
    flag: str | None = None
    switch: str | None = None
    deletion: str = "delete_policy"
    holder: tuple | None = None
    page: bool = True


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
        SyncedObject(
            name="product",
            label="Product",
            model="product.product",
            path="ecom/graphql",
            to_ac=product.to_ac,
            from_ac=product.from_ac,
            identity=product.identity,
            shared="shared_key",
            scope="product_domain",
            metadata=None,
            watched=product.WATCHED,
            switch="sync_products",
            deletion="product_delete_policy",
            holder=("product_tmpl_id", "product_template"),
            page=False,
        ),
        # an order waits for its contact
        SyncedObject(
            name="deal",
            label="Deal",
            model="sale.order",
            path="deals",
            to_ac=deal.to_ac,
            from_ac=deal.from_ac,
            identity=deal.identity,
            shared="shared_key",
            scope="order_domain",
            metadata="deal_field",
            watched=deal.WATCHED,
            switch="sync_deals",
            deletion="order_delete_policy",
        ),
        SyncedObject(
            name="order",
            label="E-Commerce Order",
            model="sale.order",
            path="ecom/graphql",
            to_ac=order.to_ac,
            from_ac=order.from_ac,
            identity=order.identity,
            shared="shared_key",
            scope="order_domain",
            metadata=None,
            watched=order.WATCHED,
            switch="sync_orders",
            deletion="order_delete_policy",
            page=False,
        ),
    )
}


def fingerprint(payload):
    """Return 64 hexadecimal characters that change when the payload does."""
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
