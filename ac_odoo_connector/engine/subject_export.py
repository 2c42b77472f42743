# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is known of one person, on both sides, as plain values for JSON and a page."""

import json
from collections import Counter

from odoo import fields
from odoo.tools import html2plaintext

from ..activecampaign import ActiveCampaignError, NotFound, SkippableError
from ..mapping.registry import OBJECTS
from . import gateway, subject, vault
from .words import in_words

RELATED = (
    *("fieldValues", "contactTags", "contactLists", "contactAutomations"),
    *("accountContacts", "notes", "scoreValues", "bounceLogs", "trackingLogs"),
)
"""What hangs on a contact (OAS contacts/{id}/…)."""
FILES = ("binary", "one2many", "many2many")


def export(person):
    """Return everything known of a `subject.Subject`.

    :return: ``{"made_at", "emails", "parts": [{"place", "title", "problem", "records":
        [{label: text}]}]}``; an account that cannot be asked says so in "problem"
    """
    return {
        "made_at": fields.Datetime.to_string(fields.Datetime.now()),
        "emails": sorted(person.emails),
        "parts": [*_here(person), *there(person)],
    }


def _here(person):
    env = person.env
    names = sorted(_partner_fields(env) & person.partners.fields_get().keys())
    yield _part("Odoo", env._("Partners"), _rows(person.partners, names))
    for model, records in subject.holdings(person).items():
        title = env._(subject.HOLDINGS[model])
        if records:
            yield _part("Odoo", title, _rows(records, _stored(records)))


def _partner_fields(env):
    """Return the fields of partners that flow, and those that a person is known by."""
    flowing = set()
    for name, row in OBJECTS.items():
        if row.model == "res.partner":
            flowing |= env["ac.field.mapping"]._watched(name)
    return flowing | {"name", "email", "phone", "lang", "create_date"}


def _stored(records):
    readable = records.fields_get(attributes=["type"])
    return [
        name
        for name, field in records._fields.items()
        if field.store
        and name in readable
        and name not in subject.TECHNICAL
        and field.type not in FILES
    ]


def _rows(records, names):
    labels = labels_of(records, names)
    return [
        {labels[name]: _text(record, name) for name in names if record[name]}
        for record in records
    ]


def labels_of(records, names):
    """Return ``{field: label}``; of fields with one label each gets its name, too."""
    texts = records.fields_get(names, ["string"])
    labels = {name: text["string"] for name, text in texts.items()}
    times = Counter(labels.values())
    return {
        name: f"{label} ({name})" if times[label] > 1 else label
        for name, label in labels.items()
    }


def _text(record, name):
    value = record[name]
    if record._fields[name].relational:
        return ", ".join(filter(None, value.sudo().mapped("display_name")))
    if record._fields[name].type == "html":
        return html2plaintext(value)
    if record._fields[name].type == "datetime":
        return fields.Datetime.to_string(value)
    return _words(value)


def _words(value):
    """Return a value as text; what is nested as JSON, which others read, too."""
    nested = isinstance(value, bool | dict | list)
    return json.dumps(value, ensure_ascii=False) if nested else str(value)


def _part(place, title, records, problem=""):
    return {"place": place, "title": title, "records": records, "problem": problem}


# In ActiveCampaign ----------------------------------------------------------------


def there(person):
    """Yield the parts of all accounts that the user sees."""
    for config in person.configs:
        try:
            with gateway.open_client(config, retry=gateway.PATIENCE) as client:
                yield from _account(client, config, person)
        except ActiveCampaignError as error:
            yield _part(config.name, "ActiveCampaign", [], in_words(error))
        except vault.VaultError as error:
            yield _part(config.name, "ActiveCampaign", [], str(error))


def _account(client, config, person):
    for contact_id in contact_ids(client, config, person):
        yield from _contact(client, config, contact_id)
    customers = [
        _flat(row)
        for email in person.emails
        for row in client.ecom_customers.list(filters={"email": email})
    ]
    if customers:
        yield _part(config.name, "ecomCustomers", customers)


def contact_ids(client, config, person):
    """Return the ids of the person's contacts: linked, or with one of the e-mails."""
    found = [
        str(contact["id"])
        for email in sorted(person.emails)
        for contact in client.contacts.list(email=email)
    ]
    found = person.without_others(config, found)
    return list(dict.fromkeys([*person.remote_ids(config), *found]))


def _contact(client, config, contact_id):
    try:
        contact = client.contacts.get(contact_id).record
    except NotFound:
        return
    yield _part(config.name, "contact", [_flat(contact)])
    for collection in RELATED:
        rows, problem = related(client, contact_id, collection)
        if rows or problem:
            yield _part(config.name, collection, list(map(_flat, rows)), problem)


def related(client, contact_id, collection):
    """Return ``(rows, "")``, or ``([], why they cannot be read)``."""
    try:
        return list(client.contacts.related(contact_id, collection)), ""
    except SkippableError as error:
        return [], in_words(error)


def _flat(row):
    """Return the filled values of one of AC's objects as text."""
    return {
        key: _words(value)
        for key, value in row.items()
        if value not in (None, "", [], {}) and key != "links"
    }
