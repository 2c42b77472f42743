# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The account's products, by their own keys: an upsert, so nothing comes twice."""

from ..activecampaign import Rejected
from ..mapping.product import WITHDRAWN, as_input
from . import shop
from .transaction import transaction


def deliver_together(config, client, plans):
    """Send products in one request.

    :return: ``{binding id: AC id}``
    :raise Rejected: AC refuses one of them, or has not said the id of each
    :raise ShopGone: the connection was deleted over there
    """
    ids = _upsert(config, client, [plan.payload for plan in plans])
    if not ids.keys() >= {plan.identity for plan in plans}:
        raise Rejected("It has not said which product it has stored.")
    return {plan.binding: ids[plan.identity] for plan in plans}


def _upsert(config, client, payloads):
    """Return ``{key: AC id}`` of what was stored."""
    connection = shop.connection(config, client)
    with shop.expected(config, client):
        answer = client.graphql.bulk_upsert_products(
            [as_input(payload, connection) for payload in payloads]
        )
    stored = (answer.data.get("data") or {}).get("bulkUpsertProducts") or ()
    return {
        str(product["storePrimaryId"]): str(product["id"])
        for product in stored
        if product and product.get("id")
    }


def deliver(config, client, plan):
    """Send one of them; return ``(AC id, what AC has been told)``."""
    ids = deliver_together(config, client, [plan])
    return ids[plan.binding], plan.told_after()


def delete(config, client, plan):
    """Take a product out of the catalogue; orders that name it keep it."""
    with transaction(config.env) as env:
        key = str(env["ac.binding"].browse(plan.binding).res_id)
    _upsert(config, client, [{"key": key, **WITHDRAWN}])
