# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""E-commerce orders and abandoned carts by REST: one at a time, in cents, found before a
second one is made."""

from contextlib import suppress
from datetime import datetime, timezone

from ..activecampaign import Duplicate, NotFound
from ..mapping.order import iso
from ..mapping.order_rest import as_rest
from . import intent

TOLD = ("rest_id", "customer", "buyer", "cart")
"""What is remembered beside the payload: AC's ids of order and customer, for whom (our
id) that customer stands; `cart` while no order has come of it."""


def kept(plan):
    """Return what is remembered of REST."""
    return {key: plan.told[key] for key in TOLD if key in plan.told}


def deliver(config, client, plan, connection, source):
    """Create or update an order or a cart.

    A cart becomes an order by getting an `externalid`: the same object over there.

    :return: what to remember of it
    """
    customer = _customer(client, plan, connection)
    modified = iso(datetime.now(timezone.utc))
    values = as_rest(plan.payload, connection, customer, source, modified)
    rest_id = _upsert(config, client, plan, values)
    return {
        "rest_id": rest_id,
        "customer": customer,
        "buyer": plan.payload["storeCustomerId"],
        "cart": "abandonedDate" in plan.payload,
    }


def _upsert(config, client, plan, values):
    rest_id = plan.told.get("rest_id")
    with suppress(NotFound):  # deleted over there: made again
        if rest_id:
            client.ecom_orders.update(rest_id, values)
            return rest_id
    known = _find(client, values) if plan.intended or plan.refused else None
    if known:
        client.ecom_orders.update(known, values)
        return known
    intent.announce(config, plan)
    return _make(client, values)


def _make(client, values):
    try:
        return client.ecom_orders.create(values).id or _find(client, values)
    except Duplicate:
        found = _find(client, values)
        if not found:
            raise
    client.ecom_orders.update(found, values)
    return found


def _find(client, values):
    key = values.get("externalid") or values["externalcheckoutid"]
    return find(client, values["connectionid"], key)


def find(client, connection, key):
    """Return the AC id of the order with our id, or of the cart; None without either."""
    for name in ("externalid", "externalcheckoutid"):
        filters = {"filters[connectionid]": connection, f"filters[{name}]": key}
        for found in client.ecom_orders.list(**filters):
            if str(found.get(name)) == str(key):
                return str(found["id"])
    return None


def _customer(client, plan, connection):
    """Return the AC id of the customer, found or made; a known one is believed."""
    told = plan.told
    if told.get("buyer") == plan.payload["storeCustomerId"] and not plan.refused:
        return told["customer"]
    email = plan.payload["email"]
    values = {
        "connectionid": str(connection),
        "externalid": plan.payload["storeCustomerId"],
        "email": email,
    }
    with suppress(Duplicate):
        return _find_customer(client, connection, email) or (
            client.ecom_customers.create(values, idempotent=True).id
        )
    # the shop's own id is taken: a partner whose e-mail was changed
    return _find_customer(client, connection, values["externalid"], "externalid")


def _find_customer(client, connection, value, name="email"):
    filters = {"filters[connectionid]": connection, f"filters[{name}]": value}
    for found in client.ecom_customers.list(**filters):
        same = str(found.get("connectionid")) == str(connection)
        if same and str(found.get(name)).lower() == str(value).lower():
            return str(found["id"])
    return None


def delete(client, rest_id):
    """Delete an order or cart; one that is gone is fine."""
    with suppress(NotFound):
        if rest_id:
            client.ecom_orders.delete(rest_id)
