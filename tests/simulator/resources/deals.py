"""Deals and their secondary contacts (OAS create-a-deal-new, list-all-deals ...)."""

from .. import sales
from ..account import number
from ..crud import pick, read
from ..errors import Refused, invalid
from . import custom_fields, notes
from .deal_filters import ordered, selected


def create(call):
    """POST /deals: 201; numbers come back as they were sent."""
    values = call.envelope("deal")
    deal = sales.create_deal(call.account, values)
    return 201, whole(call, deal, values)


def whole(call, deal, values):
    """A deal after a change, with its contact and stage beside it."""
    echo = custom_fields.DEALS.save_inner(call, deal, values.get("fields"))
    sent = pick(values, ("status", "value", "percent"))
    contact = call.account.get("contacts", deal.get("contact"))
    stage = call.account.get("dealStages", deal["stage"])
    return {
        "contacts": [call.show("contacts", contact)] if contact else [],
        "deal": call.show("deals", deal) | sent | {"fields": echo},
        "dealStages": [call.show("dealStages", stage)],
    }


def listing(call):
    """GET /deals: the total is a number here; sums are in cents by currency."""
    found = ordered(call, selected(call))
    rows = call.show_all("deals", call.page(found))
    meta = {"currencies": sums(found), "total": len(found)}
    return 200, {"deals": rows, "meta": meta}


def sums(deals):
    """`{"USD": {"currency", "total", "value"}}`: number and sum, as strings."""
    found = {}
    for deal in deals:
        code = deal["currency"].upper()
        count, value = found.get(code, (0, 0))
        found[code] = count + 1, value + number(deal["value"])
    return {
        code: {"currency": code, "total": str(count), "value": str(value)}
        for code, (count, value) in found.items()
    }


def update(call):
    """PUT /deals/{id}."""
    deal, values = call.record("deals"), call.envelope("deal")
    sales.edit_deal(call.account, deal, values)
    return 200, whole(call, deal, values)


def delete(call):
    """DELETE /deals/{id}."""
    sales.delete_deal(call.account, call.record("deals"))
    return 200, {}


def change_owners(call):
    """PATCH /deals/bulkUpdate: owners, and nothing else."""
    rows = call.body.get("deals") if isinstance(call.body, dict) else None
    if not isinstance(rows, list):
        raise Refused(400, {})
    outcome = {"success": [], "nochange": [], "failed": []}
    for row in rows:
        outcome[change_owner(call, row)].append(str(row.get("id")))
    return 200, outcome


def change_owner(call, row):
    """One owner: success, nochange or failed; wrong owners refuse the request."""
    key, owner = row.get("id"), row.get("ownerId")
    if not owner:
        raise one_error(f"ownerId is required for a deal '{key}'.")
    if call.account.get("users", owner) is None:
        raise one_error(
            f"Owner(user) with id '{owner}' was not found for a deal '{key}'."
        )
    deal = call.account.get("deals", key)
    if deal is None:
        return "failed"
    if str(deal["owner"]) == str(owner):
        return "nochange"
    sales.edit_deal(call.account, deal, {"owner": owner})
    return "success"


def one_error(title):
    """422 with status and title."""
    return Refused(422, {"errors": [{"status": 422, "title": title}]})


def move_all(call):
    """PUT /dealStages/{id}/deals: all deals of a stage to another one."""
    stage = call.record("dealStages")
    target = call.account.get("dealStages", call.envelope("deal").get("stage"))
    if target is None or str(target["group"]) != str(stage["group"]):
        error = {
            "detail": "Target stage does not belong to same pipeline.",
            "source": {"pointer": "/data/attributes/stage"},
            "status": 422,
            "title": "Invalid attribute",
        }
        raise Refused(422, {"errors": [error]})
    deals = call.account.where("deals", stage=stage["id"])
    for deal in deals:
        sales.edit_deal(call.account, deal, {"stage": target["id"]})
    return 200, {"deals": call.show_all("deals", deals)}


def activities(call):
    """GET /dealActivities?deal=."""
    wanted = {"deal": call.param("deal")} if call.param("deal") else {}
    return 200, call.many(
        "dealActivities", call.account.where("dealActivities", **wanted)
    )


def deals_of_contact(call):
    """GET /contacts/{id}/deals: deals of which it is the first contact."""
    contact = call.record("contacts")
    found = call.account.where("deals", contact=contact["id"])
    return 200, {"deals": call.show_all("deals", found)}


# ------------------------------------------------------------------ secondary contacts


def add_contact(call):
    """POST /contactDeals: a further contact of a deal."""
    values = call.envelope("contactDeal")
    contact, deal = related(call, values)
    if is_on_deal(call.account, contact, deal):
        title = "The given contact is already associated to the deal"
        raise invalid(title, "field_invalid", "contact")
    given = pick(values, ("contact", "deal", "role"))
    record = call.account.add("contactDeals", cdate=call.account.iso(), **given)
    return 200, contact_deal(call, record, given)


def related(call, values):
    """Contact and deal that a body names, else a 422."""
    found = []
    for name, plural in (("contact", "contacts"), ("deal", "deals")):
        if not values.get(name):
            title = f"The contactDeal {name} was not provided."
            raise invalid(title, "field_missing", name)
        found.append(call.account.get(plural, values[name]))
        if found[-1] is None:
            title = f"The related {name} does not exist."
            raise invalid(title, "related_missing", name)
    return found


def is_on_deal(account, contact, deal):
    """Whether a contact is the first or a further one of a deal."""
    further = account.where("contactDeals", contact=contact["id"], deal=deal["id"])
    return bool(further) or str(deal.get("contact")) == str(contact["id"])


def contact_deal(call, record, sent):
    """The association with its deal beside it; numbers as they were sent."""
    deal = call.account.get("deals", record["deal"])
    shown = call.show("contactDeals", record) | sent
    return {"deals": [call.show("deals", deal)], "contactDeal": shown}


def list_contacts(call):
    """GET /contactDeals."""
    wanted = pick(call.filters(), ("contact", "deal"))
    return 200, call.many("contactDeals", call.account.where("contactDeals", **wanted))


def change_contact(call):
    """PUT /contactDeals/{id}."""
    record = call.record("contactDeals")
    values = pick(call.envelope("contactDeal"), ("contact", "deal", "role"))
    related(call, record | values)
    call.account.change("contactDeals", record, **values)
    return 200, contact_deal(call, record, values)


def drop_contact(call):
    """DELETE /contactDeals/{id}."""
    call.account.drop("contactDeals", call.record("contactDeals"))
    return 200, {}


def contact_deals_of(call):
    """GET /contacts/{id}/contactDeals with contact and deals beside them."""
    contact = call.record("contacts")
    rows = call.account.where("contactDeals", contact=contact["id"])
    deals = [call.account.get("deals", row["deal"]) for row in rows]
    return 200, {
        "contacts": [call.show("contacts", contact)],
        "deals": call.show_all("deals", deals),
        "contactDeals": call.show_all("contactDeals", rows),
    }


ROUTES = [
    ("POST", "/deals", create),
    ("GET", "/deals", listing),
    ("PATCH", "/deals/bulkUpdate", change_owners),
    read("deals"),
    ("PUT", "/deals/{id}", update),
    ("DELETE", "/deals/{id}", delete),
    *notes.routes_of("deals"),
    ("PUT", "/dealStages/{id}/deals", move_all),
    ("GET", "/dealActivities", activities),
    ("GET", "/contacts/{id}/deals", deals_of_contact),
    ("GET", "/contacts/{id}/contactDeals", contact_deals_of),
    ("POST", "/contactDeals", add_contact),
    ("GET", "/contactDeals", list_contacts),
    read("contactDeals"),
    ("PUT", "/contactDeals/{id}", change_contact),
    ("DELETE", "/contactDeals/{id}", drop_contact),
]
