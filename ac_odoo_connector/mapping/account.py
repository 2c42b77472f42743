# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Company (`res.partner`) → ActiveCampaign account. Values only.

The payload of an account::

    {"name": str, "accountUrl": str, "owner": "<AC user id>" or "",
     "fields": {"<AC account field id>": str},
     "currencies": {"<AC account field id>": "EUR"}}
"""

from . import text
from .skip import Skip

NAME_LENGTH = 250
"""Characters of an account's name (SPEC of the product; AC's own is not documented)."""

WATCHED = frozenset(
    {"name", "website", "user_id", "active", "company_id", "is_company", "parent_id"}
)
"""Fields of `res.partner` whose change means the account may have changed."""


def to_ac(company, facts):
    """Return the payload of one company.

    :raise Skip: the company has no name that AC could know it by
    """
    name = text.clean(company.name, NAME_LENGTH)
    if not name:
        raise Skip("no_name")
    return {
        "name": name,
        "accountUrl": text.clean(company.website),
        "owner": facts.owners.get(company.user_id.id, ""),
        "fields": {m.ac_id: m.value(company) for m in facts.mappings},
        "currencies": _currencies(company, facts),
    }


def _currencies(company, facts):
    codes = {m.ac_id: m.currency(company) for m in facts.mappings}
    return {ac_id: code for ac_id, code in codes.items() if code}


def identity(payload):
    """Return what AC tells accounts apart by: the name, in any case."""
    return payload["name"].lower()


def from_ac(account):
    """Return the company values that an AC account carries; empty ones left out."""
    values = {
        "name": text.clean(account.get("name")),
        "website": text.clean(account.get("accountUrl")),
    }
    return {key: value for key, value in values.items() if value}


def as_account(payload, blanked=()):
    """Spell a payload for ``accounts`` (OAS create-an-account-new); see
    `contact.as_sync` for what is left out."""
    account = {
        key: payload[key]
        for key in ("name", "accountUrl", "owner")
        if payload[key] or (key in blanked and key != "owner")  # somebody owns it
    }
    account["fields"] = [
        {"customFieldId": int(ac_id), "fieldValue": value, **_currency(payload, ac_id)}
        for ac_id, value in payload["fields"].items()
        if value or ac_id in blanked
    ]
    return account


def _currency(payload, ac_id):
    code = payload["currencies"].get(ac_id)
    return {"fieldCurrency": code} if code else {}
