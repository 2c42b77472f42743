# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Custom fields and options that are missing in ActiveCampaign are made here.

Every function may be repeated: what exists is used again, never made twice.
"""

from dataclasses import dataclass

from ..mapping.value import CHOICE, CHOICES

ALL_LISTS = 0
"""The `relid` of a field that every list shows (OAS create-a-custom-field-relationship)."""


@dataclass(frozen=True)
class Wanted:
    """A field to be made: its title, AC's type, tag (str or None) and options."""

    title: str
    type: str
    key: str | None = None
    options: tuple = ()

    @property
    def choices(self):
        return self.options if self.type in CHOICE + CHOICES else ()


def ensure(client, kind, wanted):
    """Return AC's id (str) of the wanted field; it is made unless it is there.

    :param kind: "field" for contacts, "account_field" or "deal_field"
    """
    if kind == "field":
        return str(_ensure_contact_field(client, wanted))
    return str(_ensure_plain_field(client, kind, wanted))


def add_options(client, kind, remote_id, known, new):
    """Add options to a field of AC.

    :param known: the options that the field has
    :param new: texts; those that are known, whatever the case, are left out
    """
    have = {option.casefold() for option in known}
    missing = [text for text in dict.fromkeys(new) if text.casefold() not in have]
    if not missing:
        return
    if kind == "field":
        client.field_options.create(_rows(remote_id, missing, len(known)))
    else:
        fields = getattr(client, f"{kind}s")
        fields.update(remote_id, {"fieldOptions": [*known, *missing]})


def _rows(remote_id, texts, first):
    return [
        {
            "field": remote_id,
            "orderid": first + number,
            "value": text,
            "label": text,
            "isdefault": 0,
        }
        for number, text in enumerate(texts, start=1)
    ]


def _ensure_contact_field(client, wanted):
    field = _same(client.fields.list(), "title", wanted)
    if field is None:
        field = _create_contact_field(client, wanted)
    if not field.get("relations"):  # without it nobody sees the field
        client.field_rels.create({"field": field["id"], "relid": ALL_LISTS})
    known = field.get("fieldOptions") or []
    add_options(client, "field", field["id"], known, wanted.choices)
    return field["id"]


def _create_contact_field(client, wanted):
    values = {"title": wanted.title, "type": wanted.type, "visible": 1}
    if wanted.key:
        values["perstag"] = wanted.key
    result = client.fields.create(values)
    group = next(client.group_members.groups(), None)
    if group:
        client.group_members.create({"rel_id": result.id, "group_id": group["id"]})
    return {"id": result.id}


def _ensure_plain_field(client, kind, wanted):
    """Fields of accounts and deals carry their options themselves."""
    fields = getattr(client, f"{kind}s")
    field = _same(fields.list(), "fieldLabel", wanted)
    if field:
        known = field.get("fieldOptions") or []
        add_options(client, kind, field["id"], known, wanted.choices)
        return field["id"]
    values = {
        "fieldLabel": wanted.title,
        "fieldType": wanted.type,
        "isFormVisible": 1,
    }
    if wanted.choices:
        values["fieldOptions"] = list(wanted.choices)
    return fields.create(values).id


def _same(fields, title, wanted):
    """Return the field with the wanted title or tag, or None."""
    for field in fields:
        if str(field.get(title) or "").casefold() == wanted.title.casefold():
            return field
        if wanted.key and (field.get("perstag") or "").upper() == wanted.key:
            return field
    return None
