"""Notes on contacts, accounts and deals (OAS create-a-note, create-a-deal-note ...)."""

from .. import notes
from ..crud import listing, read
from ..errors import Refused, missing

KINDS = {"accounts": "CustomerAccount", "deals": "Deal", "contacts": "Subscriber"}


def create(call):
    """POST /notes: 201, with the contact beside it where it is one's note."""
    values = call.envelope("note")
    reltype = values.get("reltype")
    if reltype not in notes.OWNERS or "note" not in values:
        raise Refused(400, {})
    note = notes.add_note(call.account, reltype, values.get("relid"), values["note"])
    return 201, beside(call, note) | call.one("notes", note)


def beside(call, note):
    """The record that a note belongs to, in a list under its plural name."""
    _, plural = notes.OWNERS[note["reltype"]]
    record = call.account.get(plural, note["relid"])
    return {plural: [call.show(plural, record)]} if record else {}


def known(call, name="id"):
    """The note of the path; unknown ones are a 403."""
    note = call.account.get("notes", call.path[name])
    if note is None:
        raise missing("Note", call.path[name], 403)
    return note


def update(call):
    """PUT /notes/{id}."""
    note = known(call)
    change(call, note)
    return 200, call.one("notes", note)


def change(call, note):
    """Set the text of a note."""
    text = call.envelope("note").get("note", note["note"])
    call.account.change("notes", note, note=text, mdate=call.account.iso())


def delete(call):
    """DELETE /notes/{id}."""
    call.account.drop("notes", known(call))
    return 200, {}


def routes_of(plural):
    """GET and POST /<plural>/{id}/notes, PUT /<plural>/{id}/notes/{note}."""

    def create_for(call):
        owner = call.record(plural)
        text = call.envelope("note").get("note")
        note = notes.add_note(call.account, KINDS[plural], owner["id"], text)
        return 201, {plural: [call.show(plural, owner)]} | call.one("notes", note)

    def update_for(call):
        owner, note = call.record(plural), known(call, "note")
        change(call, note)
        return 200, {plural: [call.show(plural, owner)]} | call.one("notes", note)

    def list_for(call):
        owner = call.record(plural)
        found = call.account.where("notes", reltype=KINDS[plural], relid=owner["id"])
        return 200, {"notes": call.show_all("notes", found)}

    return [
        ("POST", f"/{plural}/{{id}}/notes", create_for),
        ("PUT", f"/{plural}/{{id}}/notes/{{note}}", update_for),
        ("GET", f"/{plural}/{{id}}/notes", list_for),
    ]


ROUTES = [
    ("POST", "/notes", create),
    listing("notes", ("reltype", "relid")),
    read("notes"),
    ("PUT", "/notes/{id}", update),
    ("DELETE", "/notes/{id}", delete),
    routes_of("contacts")[2],
]
