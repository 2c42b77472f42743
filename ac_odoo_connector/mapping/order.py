# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Order (`sale.order`) → ActiveCampaign e-commerce order with its lines. Values only.

Amounts are decimal units in the order's own currency, as GraphQL wants them
(REF orders-1); `mapping.order_rest` spells them in cents. They prove out to the cent::

    Σ round(quantity × priceAmount) + shippingAmount + taxAmount − discountsAmount
        = finalAmount

`priceAmount` is a unit's price without tax and before its line's discount, with as many
decimals as it takes; the discount of a line, a line with a negative amount, and what was
paid back in part are entries of `discounts`. An order that was paid back as a whole keeps
its amount and has the status REFUNDED.
"""

from dataclasses import dataclass, field
from datetime import datetime, timezone

from . import text
from .deal import WATCHED as DEAL_WATCHED
from .deal import contact_of, identity, identity_of
from .facts import SaleFacts
from .order_lines import Cart, amounts_of
from .skip import Skip

WATCHED = DEAL_WATCHED | {"client_order_ref"}
"""Fields of `sale.order` whose change means the e-commerce order may have changed."""

STATUS = {
    "draft": "PENDING",
    "sent": "PENDING",
    "sale": "COMPLETED",
    "done": "COMPLETED",
    "cancel": "CANCELLED",
}
WORDS = {
    "draft": "Quotation",
    "sent": "Quotation Sent",
    "sale": "Sales Order",
    "done": "Sales Order",
    "cancel": "Cancelled",
}
"""`storeStatus`: one spelling for all, since segments compare it."""


@dataclass(frozen=True)
class OrderFacts(SaleFacts):
    """`linked` ids of orders that are over there; `refunds` ``{order id: amount paid
    back, in the order's currency}``; `carts` ``{order id: datetime (UTC) when it was
    left}`` of quotations that go as abandoned carts; `published` whether products have
    a page of their own (`website_sale`); `represented` ids of partners for whom their
    company's contact stands; `emails` ``{partner id: e-mail}`` AC knows it by."""

    linked: frozenset = frozenset()
    refunds: dict = field(default_factory=dict)
    carts: dict = field(default_factory=dict)
    published: bool = False
    represented: frozenset = frozenset()
    emails: dict = field(default_factory=dict)


def to_ac(order, facts):
    """Return the payload of one order: see `OrderInput` in REF orders-1, with "key"
    and, for a cart, "abandonedDate".

    :param facts: `OrderFacts`
    :raise Skip: a quotation, or a partner that is no contact
    :raise Wait: its partner goes first: it has just been marked, or has a new e-mail
    """
    _check_confirmed(order, facts)
    contact_of(order, facts)
    refunded = facts.refunds.get(order.id, 0)
    amounts = amounts_of(order, _partly(order, refunded), _links(facts))
    payload = {
        "key": identity_of(order),
        **_facets(order, facts),
        **_state(order, refunded),
        **amounts,
    }
    if order.id in facts.carts:
        payload["abandonedDate"] = iso(facts.carts[order.id])
    return payload


def _check_confirmed(order, facts):
    """What was never confirmed is none, a cancelled quotation neither."""
    known = order.id in facts.linked or order.id in facts.carts
    if order.state not in ("sale", "done") and not known:
        raise Skip("not_confirmed")


def _buyer(order, facts):
    """Return the partner whose contact `contact_of` has found: ActiveCampaign makes a
    contact of any other e-mail, and nothing is told of who has been left out."""
    partner = order.partner_id
    if partner.id in facts.represented:
        return partner.commercial_partner_id
    try:
        text.email(partner.email)
    except Skip:
        return partner.commercial_partner_id
    return partner


def _facets(order, facts):
    """Return what the order is and whose.

    Not how they are called and phoned: ActiveCampaign would write it on the contact,
    over what somebody has just changed there. The contact itself has been told.
    """
    buyer = _buyer(order, facts)
    return {
        "email": facts.emails.get(buyer.id) or text.email(buyer.email),
        "storeCustomerId": str(buyer.id),
        "orderNumber": text.clean(order.name),
        "orderUrl": f"{facts.base_url}/my/orders/{order.id}",
        "storeCreatedDate": iso(order.date_order),
        "currency": order.currency_id.name,
        "billingAddress": _address(order, order.partner_invoice_id, buyer),
        "shippingAddress": _address(order, order.partner_shipping_id, buyer),
    }


def _state(order, refunded):
    """Return both statuses; a refund has words of its own."""
    status, words = STATUS[order.state], WORDS[order.state]
    if refunded and order.state != "cancel":
        full = _is_full(order, refunded)
        status = "REFUNDED" if full else status
        words = "Refunded" if full else "Partially Refunded"
    return {"normalizedStatus": status, "storeStatus": words}


def _is_full(order, refunded):
    return order.currency_id.compare_amounts(refunded, order.amount_total) >= 0


def _partly(order, refunded):
    """Return what lowers the amount: a full refund is told by the status."""
    return 0 if _is_full(order, refunded) else refunded


def _links(facts):
    return Cart(facts.base_url, facts.published)


def _address(order, address, buyer):
    """Return an address; the buyer's own where the order's partner is represented.

    A name and a phone of it would become the contact's, see `_facets`.
    """
    partner = buyer if address == order.partner_id else address
    values = {
        "company": text.clean(partner.commercial_company_name),
        "address1": text.clean(partner.street),
        "address2": text.clean(partner.street2),
        "city": text.clean(partner.city),
        "province": text.clean(partner.state_id.name),
        "country": partner.country_id.code or "",
        "postal": text.clean(partner.zip),
    }
    return {key: value for key, value in values.items() if value}


def iso(moment):
    """Return a moment in UTC as ActiveCampaign writes it."""
    aware = (moment or datetime(1970, 1, 1)).replace(tzinfo=timezone.utc)
    return aware.strftime("%Y-%m-%dT%H:%M:%SZ")


def as_graphql(payload, connection, source, modified):
    """Spell a payload as `OrderInput`.

    :param connection: AC id of the connection
    :param source: "HISTORICAL" or "REAL_TIME"; only the latter starts automations
    :param modified: datetime (UTC)
    """
    order = {key: value for key, value in payload.items() if key != "key"}
    return order | {
        "storeOrderId": payload["key"],
        "legacyConnectionId": int(connection),
        "creationSource": source,
        "storeModifiedDate": iso(modified),
    }


def from_ac(_order):
    """ActiveCampaign changes no order."""
    return {}


__all__ = ["WATCHED", "OrderFacts", "as_graphql", "from_ac", "identity", "to_ac"]
