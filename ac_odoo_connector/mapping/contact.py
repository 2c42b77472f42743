# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`res.partner` ⇄ ActiveCampaign contact. Values only: no SQL, no network.

A contact payload is a plain dictionary, the same for a single push and for a
bulk import (`activecampaign` wants different spellings; see `as_sync` and
`as_import`)::

    {"email": str, "firstName": str, "lastName": str, "phone": str,
     "fields": {"<AC field id>": str}, "tags": [str, ...]}
"""

from datetime import date, datetime

from . import text

WATCHED = frozenset(
    {"name", "email", "phone", "mobile", "active", "company_id", "is_company"}
    | {"category_id", "parent_id", "type"}
)
"""Fields of `res.partner` whose change means the contact may have changed."""


def to_ac(partner, mappings):
    """Return the payload of one partner.

    :param mappings: tuple of `mapping.transform.CompiledMapping`
    :raise Skip: the partner cannot be a contact; carries the reason
    """
    first, last = _names(partner)
    return {
        "email": text.email(partner.email),
        "firstName": first,
        "lastName": last,
        "phone": _phone(partner),
        "fields": {each.ac_id: each.value(partner) for each in mappings},
        "tags": sorted({text.clean(tag.name) for tag in partner.category_id}),
    }


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


def field_value(record, path):
    """Return the text that AC stores for the dotted `path` of `record`.

    Dates are ISO 8601 (datetimes UTC), booleans "1" or "0", several records
    become ``||a||b||``, AC's own spelling of several values.
    """
    *steps, name = path.split(".")
    for step in steps:
        record = record[step]
    field = record._fields[name]
    texts = [each for row in record for each in _texts(row[name], field)]
    if field.type in ("one2many", "many2many") or len(record) > 1:
        return f"||{'||'.join(texts)}||" if texts else ""
    return texts[0] if texts else ""


def _texts(value, field):
    if field.type == "boolean":
        return ["1" if value else "0"]
    if field.relational:
        return [text.clean(each.display_name) for each in value]
    if isinstance(value, datetime):
        return [value.strftime("%Y-%m-%dT%H:%M:%S+00:00")]
    if isinstance(value, date):
        return [value.isoformat()]
    if value is False or value is None:
        return []
    return [text.clean(str(value))]


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
    return {key: value for key, value in values.items() if value}


def as_sync(payload, blanked=()):
    """Spell a payload for ``contact/sync`` and ``contacts/{id}`` (OAS sync-a-contacts-data).

    A key left out is kept over there, an empty value clears it: empty ones are only
    sent where Odoo had filled them before (:param blanked: their names).
    """
    contact = {
        key: value
        for key, value in payload.items()
        if key not in ("fields", "tags") and (value or key in blanked)
    }
    contact["fieldValues"] = [
        {"field": ac_id, "value": value}
        for ac_id, value in payload["fields"].items()
        if value or ac_id in blanked
    ]
    return contact


IMPORT_NAMES = {
    "firstName": "first_name",
    "lastName": "last_name",
    "phone": "phone",
}


def as_import(payload, exclude_automations=True):
    """Spell a payload for ``import/bulk_import`` (OAS bulk-import-contacts)."""
    return {
        "email": payload["email"],
        **{
            new: payload[old]
            for old, new in IMPORT_NAMES.items()
            if payload[old]  # an empty value would empty what is known over there
        },
        "fields": [
            {"id": int(ac_id), "value": value}
            for ac_id, value in payload["fields"].items()
            if value
        ],
        "tags": payload["tags"],
        "exclude_automations": exclude_automations,
    }
