"""Custom fields of contacts (OAS create-a-contact-custom-field, fieldRels ...)."""

from .. import people
from ..account import number
from ..crud import pick, read
from ..errors import Refused, invalid, missing
from ..furniture import add_field

WRITABLE = (
    "type title descript perstag defval show_in_list rows cols visible service ordernum "
    "isrequired"
).split()
TYPES = (
    "text textarea hidden date datetime dropdown listbox radio checkbox number "
    "multiselect"
).split()


def create(call):
    """POST /fields: 201; 422 for a known title."""
    values = pick(call.envelope("field"), WRITABLE)
    title, kind = str(values.pop("title", "")), values.pop("type", "text")
    if not title:
        raise invalid("The field title was not provided.", "field_missing")
    if kind not in TYPES:
        raise invalid("The field type is not valid.", "field_invalid")
    if call.account["fields"].lookup(title):
        detail = f"There is already a field named '{title}'"
        raise invalid(
            "There is already a field with this title", "duplicate", "", detail
        )
    field = add_field(call.account, title, kind, **values)
    if call.options.field_created_shape == "documented":
        return 201, collection(call, [field])
    return 201, {"field": shown(call, field)}


def shown(call, field):
    """A field with the ids of its options and relations."""
    options = call.account.where("fieldOptions", field=field["id"])
    relations = call.account.where("fieldRels", field=field["id"])
    return call.show("fields", field) | {
        "options": [str(row["id"]) for row in options],
        "relations": [str(row["id"]) for row in relations],
    }


def collection(call, fields):
    """Fields with their options and relations beside them."""
    rows = call.page(fields)
    ids = {row["id"] for row in rows}
    return beside(call, ids) | {
        "fields": [shown(call, row) for row in rows],
        "meta": {"total": str(len(fields))},
    }


def beside(call, ids):
    """Options and relations of these fields."""
    found = {}
    for plural in ("fieldOptions", "fieldRels"):
        rows = [r for r in call.account[plural].values() if number(r["field"]) in ids]
        found[plural] = call.show_all(plural, rows)
    return found


def listing(call):
    """GET /fields by `filters[perstag]`."""
    wanted = pick(call.filters(), ("perstag", "title", "type"))
    return 200, collection(call, call.account.where("fields", **wanted))


def read_one(call):
    """GET /fields/{id}."""
    field = call.record("fields")
    return 200, beside(call, {field["id"]}) | {"field": shown(call, field)}


def update(call):
    """PUT /fields/{id}: the type stays what it was."""
    field = call.record("fields")
    values = pick(call.envelope("field"), WRITABLE) | {"type": field["type"]}
    if "perstag" in values:
        values["perstag"] = str(values["perstag"]).replace(" ", "").upper()
    call.account.change("fields", field, udate=call.account.iso(), **values)
    return 200, {"field": shown(call, field)}


def delete(call):
    """DELETE /fields/{id} with its values, options and relations."""
    field = call.record("fields")
    for plural in ("fieldOptions", "fieldRels", "fieldValues"):
        for record in call.account.where(plural, field=field["id"]):
            call.account.drop(plural, record)
    for contact in call.account["contacts"].values():
        contact["_values"].pop(field["id"], None)
    call.account.drop("fields", field)
    return 200, {}


def add_options(call):
    """POST /fieldOption/bulk: 201 with all options made."""
    rows = call.body.get("fieldOptions") if isinstance(call.body, dict) else None
    if not rows or not isinstance(rows, list):
        text = "Bulk operation failed. Request must contain options."
        raise Refused(422, {"errors": text})
    return 201, {"fieldOptions": [add_option(call, row) for row in rows]}


def add_option(call, row):
    """One option; numbers come back as they were sent."""
    given = pick(row, ("orderid", "value", "label", "isdefault", "field"))
    stamps = {"cdate": call.account.iso(), "udate": call.account.iso()}
    record = call.account.add("fieldOptions", **given | stamps)
    echo = {"isdefault": number(given.get("isdefault"))}
    return call.show("fieldOptions", record) | pick(given, ("orderid",)) | echo


def drop_option(call):
    """DELETE /fieldOptions/{id}: 200 without a body."""
    call.account.drop("fieldOptions", call.record("fieldOptions"))
    return 200, None


def add_relation(call):
    """POST /fieldRels: makes a field visible on a list, or on all with relid 0."""
    values = pick(call.envelope("fieldRel"), ("field", "relid"))
    record = call.account.add(
        "fieldRels", dorder="0", cdate=call.account.iso(), **values
    )
    return 201, {"fieldRel": call.show("fieldRels", record) | values}


def drop_relation(call):
    """DELETE /fieldRels/{id}: 403 for an unknown one."""
    record = call.account.get("fieldRels", call.path["id"])
    if record is None:
        raise missing("FieldRel", call.path["id"], 403)
    call.account.drop("fieldRels", record)
    return 200, {}


# ---------------------------------------------------------------------- field values


def set_value(call):
    """POST /fieldValues: sets the value whether or not there was one."""
    values = call.envelope("fieldValue")
    contact = call.account.need("contacts", values.get("contact"))
    call.account.need("fields", values.get("field"))
    answer = store(call, contact, values)
    return call.options.field_value_created_status, answer


def change_value(call):
    """PUT /fieldValues/{id}."""
    record = call.record("fieldValues")
    contact = call.account.need("contacts", record["contact"])
    values = call.envelope("fieldValue") | {"field": record["field"]}
    return 200, store(call, contact, values)


def store(call, contact, values):
    """Set one value and tell of the change of the contact."""
    people.edit_contact(call.account, contact, {"fieldValues": [values]})
    record = call.account.get(
        "fieldValues", contact["_values"][number(values["field"])]
    )
    beside_it = {"contacts": [call.show("contacts", contact)]}
    return beside_it | call.one("fieldValues", record)


def list_values(call):
    """GET /fieldValues by `filters[fieldid]` and `filters[val]`."""
    names = {"fieldid": "field", "val": "value"}
    wanted = {names[k]: v for k, v in call.filters().items() if k in names}
    return 200, call.many("fieldValues", call.account.where("fieldValues", **wanted))


def drop_value(call):
    """DELETE /fieldValues/{id}: 403 for an unknown one."""
    record = call.account.get("fieldValues", call.path["id"])
    if record is None:
        raise missing("FieldValue", call.path["id"], 403)
    call.account.need("contacts", record["contact"])["_values"].pop(record["field"])
    call.account.drop("fieldValues", record)
    return 200, {}


ROUTES = [
    ("POST", "/fields", create),
    ("GET", "/fields", listing),
    ("GET", "/fields/{id}", read_one),
    ("PUT", "/fields/{id}", update),
    ("DELETE", "/fields/{id}", delete),
    ("POST", "/fieldOption/bulk", add_options),
    read("fieldOptions"),
    ("DELETE", "/fieldOptions/{id}", drop_option),
    ("POST", "/fieldRels", add_relation),
    ("DELETE", "/fieldRels/{id}", drop_relation),
    ("POST", "/fieldValues", set_value),
    ("GET", "/fieldValues", list_values),
    read("fieldValues"),
    ("PUT", "/fieldValues/{id}", change_value),
    ("DELETE", "/fieldValues/{id}", drop_value),
]
