# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The account's e-commerce orders, by their own keys: what GraphQL knows an order by is
the id of the order in Odoo, so a repetition changes it and never makes a second one."""

from datetime import datetime, timezone

from ..mapping.order import as_graphql
from . import order_rest, shop

HISTORICAL, REAL_TIME = "HISTORICAL", "REAL_TIME"


def goes_together(config, plan):
    """Whether an order can go with others: REST takes one at a time, and what began as a
    cart stays there (GraphQL knows no carts)."""
    return not _by_rest(config, plan)


def deliver_together(config, client, plans):
    """Send up to 100 e-commerce orders in one request (REF orders-1).

    :return: ``{binding id: AC id}``, which is the order's own id
    :raise Rejected: `rows` names the orders that are refused
    """
    connection = shop.connection(config, client)
    now = datetime.now(timezone.utc)
    orders = [as_graphql(p.payload, connection, source(p), now) for p in plans]
    with shop.expected(config, client):
        client.graphql.bulk_upsert_orders(orders)
    return {plan.binding: plan.identity for plan in plans}


def deliver(config, client, plan):
    """Send one of them; return ``(AC id, what AC has been told)``."""
    if plan.told.get("cart") and plan.payload["normalizedStatus"] == "CANCELLED":
        return plan.identity, _withdraw(client, plan)
    if _by_rest(config, plan):
        connection = shop.connection(config, client)
        with shop.expected(config, client):
            rest = order_rest.deliver(config, client, plan, connection, source(plan))
        return plan.identity, told(plan) | rest
    ids = deliver_together(config, client, [plan])
    return ids[plan.binding], told(plan)


def _withdraw(client, plan):
    """Delete a cart that was cancelled, or its customer would be reminded of it."""
    order_rest.delete(client, plan.told.get("rest_id"))
    return plan.told_after() | {"cart": True}


def told(plan):
    """Return what to remember of a sent order: also whether it started automations, for
    a later change must not make history of it, nor the other way round."""
    return plan.told_after() | order_rest.kept(plan) | {"source": source(plan)}


def source(plan):
    """Return what an order was made as, else what it shall be made as.

    A cart has bought nothing yet: what its order starts is decided when it becomes one.
    """
    if "source" in plan.told and not plan.told.get("cart"):
        return plan.told["source"]
    return HISTORICAL if plan.historical else REAL_TIME


def delete(config, client, plan):
    """Take an order out of the account. GraphQL deletes none; REST has the copy."""
    connection = shop.connection(config, client)
    order_rest.delete(client, order_rest.find(client, connection, plan.remote_id))


def _by_rest(config, plan):
    """An intent without an AC id: REST may have made a cart whose answer was lost."""
    return (
        config.order_interface == "rest"
        or "abandonedDate" in plan.payload
        or "rest_id" in plan.told
        or (plan.intended and not plan.remote_id)
        or (plan.told.get("cart") and plan.payload["normalizedStatus"] == "CANCELLED")
    )
