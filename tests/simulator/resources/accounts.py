"""Accounts and their contacts (OAS create-an-account-new, create-an-account-1 ...)."""

from collections import Counter

from .. import sales
from ..account import number
from ..crud import pick, read
from ..errors import Refused, invalid
from . import custom_fields, notes

SHOWN = "name accountUrl createdTimestamp updatedTimestamp links id".split()


def shown(call, company):
    """An account with its documented keys."""
    whole = call.show("accounts", company)
    return {name: whole[name] for name in SHOWN} | {"owner": whole["owner"]}


def create(call):
    """POST /accounts: 201; 422 for a known name."""
    values = call.envelope("account")
    company = sales.create_account(call.account, values)
    return 201, {"account": with_fields(call, company, values)}


def with_fields(call, company, values):
    """The account and the echo of its custom fields."""
    echo = custom_fields.ACCOUNTS.save_inner(call, company, values.get("fields"))
    return shown(call, company) | {"fields": echo}


def listing(call):
    """GET /accounts by `search`, with counts when `count_deals` is given."""
    needle = str(call.param("search", "")).casefold()
    found = [
        row
        for row in call.account["accounts"].values()
        if needle in row["name"].casefold()
    ]
    count = counter(call)
    rows = [shown(call, row) | count(row) for row in call.page(found)]
    return 200, {"accounts": rows, "meta": {"total": str(len(found))}}


def counter(call):
    """A function that gives the numbers of contacts and deals of an account."""
    links = Counter(r["account"] for r in call.account["accountContacts"].values())
    if call.param("count_deals") in (None, "", "false", "0"):
        return lambda row: {"contactCount": str(links[row["id"]])}
    rows = call.account["deals"].values()
    deals = Counter(number(deal.get("account")) for deal in rows)
    return lambda row: {
        "contactCount": str(links[row["id"]]),
        "dealCount": str(deals[row["id"]]),
    }


def read_one(call):
    """GET /accounts/{id}."""
    return 200, {"account": shown(call, call.record("accounts"))}


def update(call):
    """PUT /accounts/{id}."""
    company, values = call.record("accounts"), call.envelope("account")
    sales.edit_account(call.account, company, values)
    return 200, {"account": with_fields(call, company, values)}


def delete(call):
    """DELETE /accounts/{id}."""
    sales.delete_account(call.account, call.record("accounts"))
    return 200, {}


def delete_many(call):
    """DELETE /accounts/bulk_delete?ids[]=..."""
    ids = [v for name in ("ids", "[]ids") for v in call.params(name)]
    companies = [call.account.get("accounts", key) for key in ids]
    if not companies or None in companies:
        raise Refused(400, {})
    for company in companies:
        sales.delete_account(call.account, company)
    return 200, {"meta": {"success": True}}


# ------------------------------------------------------------------ account contacts


def link(call):
    """POST /accountContacts: 201; 422 when the contact has an account."""
    values = call.envelope("accountContact")
    for name in ("account", "contact"):
        if not values.get(name):
            title = f"The {name} attribute was not provided"
            raise invalid(title, "field_missing", name)
    contact = call.account.need("contacts", values["contact"])
    company = call.account.need("accounts", values["account"])
    record = sales.link_account(
        call.account, contact, company, str(values.get("jobTitle") or "")
    )
    numbers = {name: number(values[name]) for name in ("account", "contact")}
    return 201, {"accountContact": call.show("accountContacts", record) | numbers}


def links(call):
    """GET /accountContacts by `filters[contact]` and `filters[account]`."""
    wanted = pick(call.filters(), ("contact", "account"))
    return 200, call.many(
        "accountContacts", call.account.where("accountContacts", **wanted)
    )


def change_link(call):
    """PUT /accountContacts/{id}: the job title only."""
    record = call.record("accountContacts")
    values = pick(call.envelope("accountContact"), ("jobTitle",))
    stamp = call.account.iso()
    call.account.change("accountContacts", record, updatedTimestamp=stamp, **values)
    sales.tell_association(call.account, "account_contact_update", record, "api")
    return 200, call.one("accountContacts", record)


def unlink(call):
    """DELETE /accountContacts/{id}."""
    sales.unlink_account(call.account, call.record("accountContacts"))
    return 200, {}


def contacts_of(call):
    """GET /accounts/{id}/accountContacts."""
    company = call.record("accounts")
    found = call.account.where("accountContacts", account=company["id"])
    return 200, {"accountContacts": call.show_all("accountContacts", found)}


ROUTES = [
    ("POST", "/accounts", create),
    ("GET", "/accounts", listing),
    ("DELETE", "/accounts/bulk_delete", delete_many),
    ("GET", "/accounts/{id}", read_one),
    ("PUT", "/accounts/{id}", update),
    ("DELETE", "/accounts/{id}", delete),
    ("GET", "/accounts/{id}/accountContacts", contacts_of),
    *notes.routes_of("accounts"),
    ("POST", "/accountContacts", link),
    ("GET", "/accountContacts", links),
    read("accountContacts"),
    ("PUT", "/accountContacts/{id}", change_link),
    ("DELETE", "/accountContacts/{id}", unlink),
]
