# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Order (`sale.order`) → ActiveCampaign e-commerce order with its lines. Values only.

Amounts are decimal units in the order's own currency, as GraphQL wants them
(REF orders-1); `as_rest` spells them in cents.
"""

from .deal import WATCHED as DEAL_WATCHED
from .deal import contact_of, identity, identity_of

WATCHED = DEAL_WATCHED
"""Fields of `sale.order` whose change means the e-commerce order may have changed."""


def to_ac(order, facts):
    """Return the payload of one order: see `OrderInput` in REF orders-1, with "key".

    :param facts: `mapping.facts.SaleFacts`
    """
    contact_of(order, facts)
    return {"key": identity_of(order)}


def from_ac(_order):
    """ActiveCampaign changes no order."""
    return {}


__all__ = ["WATCHED", "from_ac", "identity", "to_ac"]
