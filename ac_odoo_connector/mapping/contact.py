# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`res.partner` ⇄ ActiveCampaign contact. Values only: no SQL, no network.

A contact payload is a plain dictionary, the same for a single push and for a
bulk import (`activecampaign` wants different spellings; see `as_sync` and
`as_import`)::

    {"email": str, "firstName": str, "lastName": str, "phone": str,
     "fields": {"<AC field id>": str}, "tags": [str, ...],
     "lists": {"<AC list id>": 1 or 2}, "automations": {"<AC automation id>": str},
     "account": {"id": "<AC account id>", "title": str}, {} without a company, None
     when the link is to be left as it is}
"""

from contextlib import suppress

from . import agreement, text, value
from .skip import Skip

WATCHED = frozenset(
    {"name", "email", "phone", "mobile", "active", "company_id", "is_company"}
    | {"category_id", "parent_id", "type", "function", "user_id"}
)
"""Fields of `res.partner` whose change means the contact may have changed."""


TITLE_LENGTH = 250

SUBSCRIBED, UNSUBSCRIBED = 1, 2
"""AC's status of a contact on a list (OAS update-list-status-for-contact)."""


def to_ac(partner, facts):
    """Return the payload of one partner.

    :param facts: `mapping.facts.Facts` of the chunk
    :raise Skip: the partner cannot be a contact; carries the reason
    """
    first, last = _names(partner)
    return {
        "email": text.email(partner.email),
        "firstName": first,
        "lastName": last,
        "phone": _phone(partner),
        "fields": {m.ac_id: m.value(partner) for m in facts.mappings},
        "tags": sorted(facts.tags.get(partner.id, ())),
        "lists": facts.lists.get(partner.id, {}),
        "automations": facts.automations.get(partner.id, {}),
        "account": _account(partner, facts),
    }


def said(partner, mappings):
    """Return ``{unit: text}`` (see `agreement`): what Odoo would tell AC of a partner.

    What cannot be told is left out, a value that does not fit its field as well as an
    e-mail that is none.
    """
    first, last = _names(partner)
    core = {"firstName": first, "lastName": last, "phone": _phone(partner)}
    found = agreement.units(core)
    del found["email"]
    with suppress(Skip):
        found["email"] = text.email(partner.email) if partner.email else ""
    for mapping in mappings:
        with suppress(value.MappingError):
            found[mapping.ac_id] = mapping.value(partner)
    return found


def identity(payload):
    """Return what AC tells contacts apart by."""
    return payload["email"]


def _account(partner, facts):
    account = facts.accounts.get(partner.id)
    if not account:  # a company that is no account says nothing about the link
        return None if facts.leave_links or _has_company(partner) else {}
    title = "" if partner.is_company else text.clean(partner.function, TITLE_LENGTH)
    return {"id": account["id"], "title": title}


def _names(partner):
    if partner.is_company:
        return "", text.clean(partner.name, text.NAME_LENGTH)
    if "firstname" in partner._fields:  # OCA's partner_firstname is installed
        return (
            text.clean(partner.firstname, text.NAME_LENGTH),
            text.clean(partner.lastname, text.NAME_LENGTH),
        )
    return text.split_name(partner.name)


def _phone(partner):
    mobile = partner.mobile if "mobile" in partner._fields else ""
    return text.clean(partner.phone or mobile)


def _has_company(partner):
    return partner.commercial_partner_id.is_company


def from_ac(contact):
    """Return the partner values that an AC contact carries; empty ones left out.

    :param contact: AC's contact object (`email`, `firstName`, `lastName`, `phone`)
    """
    name = f"{contact.get('firstName') or ''} {contact.get('lastName') or ''}".strip()
    values = {
        "name": text.clean(name),
        "phone": text.clean(contact.get("phone")),
        "email": text.clean(contact.get("email")).lower(),
    }
    return {name: given for name, given in values.items() if given}


def as_sync(core, blanked=()):
    """Spell a payload for ``contact/sync`` and ``contacts/{id}`` (OAS sync-a-contacts-data).

    A key left out is kept over there, an empty value clears it: empty ones are only
    sent where Odoo had filled them before (:param blanked: their names).
    """
    contact = {
        key: given
        for key, given in core.items()
        if key != "fields" and (given or key in blanked)
    }
    contact["fieldValues"] = [
        {"field": ac_id, "value": given}
        for ac_id, given in core["fields"].items()
        if given or ac_id in blanked
    ]
    return contact


IMPORT_NAMES = {
    "email": "email",
    "firstName": "first_name",
    "lastName": "last_name",
    "phone": "phone",
}


def as_import(core, tags=(), lists=None, account_name="", exclude_automations=True):
    """Spell a payload for ``import/bulk_import`` (OAS bulk-import-contacts).

    :param lists: ``{AC list id: 1 or 2}`` to subscribe to or unsubscribe from
    """
    contact = {
        **{
            new: core[old]
            for old, new in IMPORT_NAMES.items()
            if core.get(old)  # an empty value would empty what is known over there
        },
        "fields": [
            {"id": int(ac_id), "value": given}
            for ac_id, given in core["fields"].items()
            if given
        ],
        "tags": sorted(tags),
        "exclude_automations": exclude_automations,
    }
    for key, status in (
        ("subscribe", SUBSCRIBED),
        ("unsubscribe", UNSUBSCRIBED),
    ):
        if ids := [list_ for list_, each in (lists or {}).items() if each == status]:
            contact[key] = [{"listid": int(list_)} for list_ in ids]
    if account_name:
        contact["customer_acct_name"] = account_name
    return contact
