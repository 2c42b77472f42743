# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Order (`sale.order`) → ActiveCampaign deal. Values only.

The payload of a deal::

    {"key": "<order id>", "title": str, "contact": "<AC contact id>",
     "customer": "<AC account id>" or "", "owner": "<AC user id>" or "",
     "value": int cents, "currency": "eur", "group": "<AC pipeline id>",
     "stage": "<AC stage id>" or "", "status": 0 open, 1 won or 2 lost,
     "fields": {"<AC deal field id>": str}, "currencies": {"<AC deal field id>": "EUR"},
     "secondary": ["<AC contact id>", ...], "note": str}
"""

from typing import NamedTuple

from . import text
from .skip import Skip, Wait

TITLE_LENGTH = 250
"""Characters of a deal's title (SPEC of the product)."""

WATCHED = frozenset(
    {
        "name",
        "state",
        "partner_id",
        "partner_invoice_id",
        "partner_shipping_id",
        "user_id",
        "company_id",
        "currency_id",
        "pricelist_id",
        "date_order",
        "commitment_date",
        "order_line",
    }
)
"""Fields of `sale.order` whose change means the deal may have changed."""


class Stage(NamedTuple):
    """Where a deal stands: AC ids; an empty `stage` leaves it where it is, a new deal
    begins in the pipeline's first one; `status` 0 open, 1 won, 2 lost."""

    group: str
    stage: str
    status: int


class Unplaced(Stage):
    """An order that has no place, which counts as none; `detail` says why."""

    detail = ""

    @classmethod
    def because(cls, detail):
        """Return one with its reason in words."""
        self = cls("", "", 0)
        self.detail = detail
        return self

    def __bool__(self):
        return False


def to_ac(order, facts):
    """Return the payload of one order.

    :param facts: `mapping.facts.SaleFacts`
    :raise Skip: the order has no contact over there, no stage or no exchange rate
    :raise Wait: its partner has just been marked and goes first
    """
    contact = contact_of(order, facts)
    stage = stage_of(order, facts)
    return {
        "key": identity_of(order),
        "contact": contact,
        "group": stage.group,
        "stage": stage.stage,
        "status": int(stage.status),
    }


def stage_of(order, facts):
    """Return where the order's deal stands.

    :raise Skip: no line of the stage mapping fits, or its place is not there
    """
    stage = facts.stages.get(order.id)
    if not stage:
        raise Skip("no_stage", getattr(stage, "detail", ""))
    return stage


def identity_of(order):
    """Return the key of an order: it survives a change of its number."""
    return str(order.id)


def contact_of(order, facts):
    """Return the AC id of the order's contact.

    :raise Skip: its partner is no contact in ActiveCampaign
    :raise Wait: the partner has just been marked
    """
    if contact := facts.contacts.get(order.partner_id.id):
        return contact
    if order.partner_id.id in facts.waiting:
        raise Wait
    raise Skip("no_contact", text.clean(order.partner_id.display_name))


def identity(payload):
    """Return what tells deals apart: the key of the order."""
    return payload["key"]


def from_ac(deal):
    """Return what an AC deal says of an order; nothing of it is written to fields."""
    return {}


def at(payload):
    """Return what is remembered of the stage: ``[group, stage, status]``."""
    return [payload["group"], payload["stage"], payload["status"]]
