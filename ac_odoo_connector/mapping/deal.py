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

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from . import deal_note, text
from .facts import SaleFacts
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
        "team_id",
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


@dataclass(frozen=True)
class DealFacts(SaleFacts):
    """What deals need beside `SaleFacts`.

    `title` ``order -> str``; `team_owners` ``{order id: AC user id}`` where the sales team
    decides and not the salesperson (`owners`); `cycle` days from an order without a delivery date to its
    expected close; `secondary` the invoice and delivery contacts go along; `note` the
    lines are written as a note; `with_tax` the amounts have tax.
    """

    title: Callable | None = None
    team_owners: dict = field(default_factory=dict)
    cycle: int = 0
    secondary: bool = False
    note: bool = False
    with_tax: bool = False


def to_ac(order, facts):
    """Return the payload of one order.

    :param facts: `DealFacts`
    :raise Skip: the order has no contact over there, no stage, no exchange rate, or an
        amount below zero
    :raise Wait: its partner has just been marked and goes first
    """
    contact = contact_of(order, facts)
    stage = stage_of(order, facts)
    amounts = _amounts(order, facts)
    mapped = {m.ac_id: m.value(order) for m in facts.mappings}
    return {
        "key": identity_of(order),
        "title": text.clean(facts.title(order), TITLE_LENGTH) or text.clean(order.name),
        "contact": contact,
        "customer": facts.account_ids.get(order.partner_id.id, ""),
        "owner": owner_of(order, facts),
        "value": amounts.value,
        "currency": amounts.currency,
        "group": stage.group,
        "stage": stage.stage,
        "status": int(stage.status),
        "fields": own_fields(order, facts) | mapped,
        "currencies": _currencies(order, facts),
        "secondary": _secondary(order, facts, contact),
        "note": deal_note.written(order, facts.with_tax) if facts.note else "",
    }


def owner_of(order, facts):
    """Return the AC id of the deal's owner, "" where ActiveCampaign decides."""
    by_team = facts.team_owners.get(order.id)
    return by_team or facts.owners.get(order.user_id.id, "")


def stage_of(order, facts):
    """Return where the order's deal stands.

    :raise Skip: no line of the stage mapping fits, or its place is not there
    """
    stage = facts.stages.get(order.id, "")
    if not isinstance(stage, Stage):
        raise Skip("no_stage", stage)
    return stage


def _amounts(order, facts):
    amounts = facts.amounts.get(order.id)
    if not amounts:
        raise Skip("no_rate", f"{order.currency_id.name}, {_day(order.date_order)}")
    if amounts.value < 0:  # AC takes none below zero (OAS create-a-deal-new)
        raise Skip("negative")
    return amounts


def own_fields(order, facts):
    """Return ``{AC deal field id: str}`` of the fields that the connector has made."""
    values = {
        "order_number": text.clean(order.name),
        "order_date": _day(order.date_order),
        "expected_close": _day(_expected_close(order, facts)),
        "order_link": link_of(order, facts.base_url),
    }
    return {ac_id: values[role] for role, ac_id in facts.roles.items()}


def link_of(order, base_url):
    """Return the address of an order's form, the same in Odoo 18 and 19."""
    return f"{base_url}/odoo/sale.order/{order.id}"


def _expected_close(order, facts):
    return order.commitment_date or (
        order.date_order and order.date_order + timedelta(days=facts.cycle)
    )


def _day(moment):
    return moment.date().isoformat() if moment else ""


def _currencies(order, facts):
    codes = {m.ac_id: m.currency(order) for m in facts.mappings}
    return {ac_id: code for ac_id, code in codes.items() if code}


def _secondary(order, facts, contact):
    """Return the contacts of the addresses, as far as they are others than the deal's."""
    if not facts.secondary:
        return []
    addresses = order.partner_invoice_id | order.partner_shipping_id
    found = {facts.contacts.get(partner.id) for partner in addresses}
    return sorted(found - {None, contact})


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


def as_deal(payload, blanked=(), told_at=None):
    """Spell a payload for ``deals`` (OAS create-a-deal-new).

    What is empty is left out, unless it had been filled (`blanked`). A deal is moved
    only when the order's own stage has changed: one that a person has moved over there
    stays there.

    :param told_at: what `at` gave when the deal was sent last; None for a new deal
    """
    deal = {key: payload[key] for key in ("title", "contact", "value", "currency")}
    deal |= _place(payload, told_at)
    if payload["owner"]:
        deal["owner"] = payload["owner"]
    if payload["customer"] or "customer" in blanked:
        deal["account"] = payload["customer"]
    deal["fields"] = [
        {"customFieldId": int(ac_id), "fieldValue": value, **_currency(payload, ac_id)}
        for ac_id, value in payload["fields"].items()
        if value or ac_id in blanked
    ]
    return deal


def at(payload):
    """Return what is remembered of the stage: ``[group, stage, status]``."""
    return [payload["group"], payload["stage"], payload["status"]]


def _place(payload, told_at):
    group, stage, status = told_at or (None, None, None)
    place = {}
    if payload["status"] != status:
        place["status"] = payload["status"]
    if payload["stage"] and [payload["group"], payload["stage"]] != [group, stage]:
        place |= {"group": payload["group"], "stage": payload["stage"]}
    elif payload["group"] != group:
        place["group"] = payload["group"]
    return place


def _currency(payload, ac_id):
    code = payload["currencies"].get(ac_id)
    return {"fieldCurrency": code} if code else {}
