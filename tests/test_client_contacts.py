"""Contacts, imports, tags, lists, fields and notes: what the account then holds."""

import time

import pytest

from activecampaign import Duplicate, NotFound

pytest_plugins = ["client_support"]


def test_contacts(client, account):
    made = client.contacts.create({"email": "ada@example.com", "firstName": "Ada"})
    assert (made.created, made.status, made.attempts) == (True, 201, 1)
    client.contacts.update(made.id, {"lastName": "Ångström 🌱"})
    assert client.contacts.get(made.id).record["lastName"] == "Ångström 🌱"
    assert [contact["id"] for contact in client.contacts.list()] == [made.id]
    held = account.state()["contacts"][made.id]
    assert (held["firstName"], held["lastName"]) == ("Ada", "Ångström 🌱")
    client.contacts.delete(made.id)
    assert account.state()["counts"]["contacts"] == 0
    with pytest.raises(NotFound):
        client.contacts.get(made.id)


@pytest.mark.parametrize("understood", [True, False])
def test_many_contacts_with_what_hangs_on_them(client, account, understood):
    """Whether lists of contacts look at `include` is not documented."""
    account.options(contacts_include=understood)
    field = client.fields.create({"title": "City", "type": "text"})
    values = {"fieldValues": [{"field": field.id, "value": "Ghent"}]}
    made = client.contacts.create({"email": "ada@example.com", **values})
    client.contacts.create({"email": "grace@example.com"})
    contacts, beside = client.contacts.read_many([made.id, "999"], ("fieldValues",))
    assert [contact["email"] for contact in contacts] == ["ada@example.com"]
    held = [row["value"] for row in beside.get("fieldValues", ())]
    assert held == (["Ghent"] if understood else [])


@pytest.mark.parametrize("known", [200, 201])
def test_sync_tells_created_from_updated(client, account, known):
    account.options(sync_existing_status=known)
    first = client.contacts.sync({"email": "ada@example.com", "firstName": "Ada"})
    account.clock(60)
    second = client.contacts.sync({"email": "ada@example.com", "phone": "1"})
    assert (first.created, second.created) == (True, False)
    assert first.id == second.id
    held = account.state()["contacts"][first.id]
    assert (held["firstName"], held["phone"]) == ("Ada", "1")


def test_the_five_names(client, account):
    contact = client.create_contact({"email": "ada@example.com"})
    client.update_contact(contact.id, {"firstName": "Ada"})
    deal = client.create_deal(
        {"title": "S1", "contact": contact.id, "value": 1999, "currency": "eur"}
        | {"stage": "1", "owner": "1"}
    )
    client.update_deal(deal.id, {"status": 1})
    enrolled = client.add_contact_to_automation(contact.id, 1)
    state = account.state()
    assert state["contacts"][contact.id]["firstName"] == "Ada"
    assert int(state["deals"][deal.id]["value"]) == 1999
    assert str(state["deals"][deal.id]["status"]) == "1"
    assert enrolled.id in state["contactAutomations"]


def test_what_hangs_on_a_contact(client, account, ada):
    tag = client.tags.create({"tag": "VIP"}).id
    client.contact_tags.create({"contact": ada, "tag": tag})
    links = list(client.contacts.related(ada, "contactTags"))
    assert [link["tag"] for link in links] == [tag]
    assert list(client.contacts.related(ada, "bounceLogs")) == []


def test_an_empty_id_addresses_nothing(client, account, ada):
    for identity in ("", None, False, "..", "."):
        with pytest.raises(ValueError):
            client.contacts.delete(identity)
    with pytest.raises(NotFound):
        client.contacts.get("1/../../users/me")
    assert account.state()["counts"]["contacts"] == 1


def finished(client, batch):
    """Wait until an import is through and return what became of it."""
    for _ in range(200):
        result = client.imports.info(batch)
        if result.data["status"] == "completed":
            return result.data
        time.sleep(0.02)
    raise AssertionError("the import does not end")


def test_an_empty_answer_is_no_record(client, account, ada):
    account.faults({"kind": "empty", "path": "contacts/", "times": 1})
    answer = client.contacts.get(ada)
    assert (answer.id, answer.attempts) == (ada, 2)


def test_imports(client, account):
    account.options(import_latency=0.2)
    field = client.fields.create({"title": "Colour", "type": "text"}).id
    rows = [
        {
            "email": f"person{number}@example.com",
            "first_name": "Ægir",
            "tags": ["VIP"],
            "fields": [{"id": int(field), "value": "blue"}],
            "subscribe": [{"listid": 1}],
        }
        for number in range(250)
    ]
    queued = client.imports.bulk(rows)
    assert client.imports.outstanding().data["outstanding"][0]["contacts"] == "250"
    done = finished(client, queued.id)
    state = account.state()
    assert set(done["success"]) == set(state["contacts"])
    first = state["contacts"][done["success"][0]]
    assert (first["firstName"], first["tags"]) == ("Ægir", ["VIP"])
    assert (first["fields"], first["lists"]) == ({field: "blue"}, {"1": "1"})


def test_an_import_with_a_failure_and_a_callback(client, account):
    rows = [{"email": "ada@example.com"}, {"email": "ada@example"}]
    queued = client.imports.bulk(rows, callback={"url": "http://127.0.0.1:9/done"})
    done = finished(client, queued.id)
    assert (len(done["success"]), done["failure"]) == (1, ["ada@example"])


@pytest.mark.parametrize("kind", ["empty", "truncate"])
def test_an_import_is_sent_again_when_its_batch_is_not_told(client, account, kind):
    account.faults({"kind": kind, "path": "bulk_import", "times": 1})
    queued = client.imports.bulk([{"email": "ada@example.com"}])
    assert queued.attempts == 2
    assert finished(client, queued.id)["success"] == ["1"]
    assert account.state()["counts"]["contacts"] == 1


@pytest.mark.parametrize(
    "rows",
    [[], [{"email": "a@example.com"}] * 251, [{"email": "a", "phone": "1" * 400_000}]],
)
def test_imports_that_are_too_small_or_large_are_not_sent(client, sent, rows):
    with pytest.raises(ValueError):
        client.imports.bulk(rows)
    assert sent() == []


def test_tags(client, account, ada):
    tag = client.tags.create({"tag": "VIP", "tagType": "contact"}).id
    client.tags.update(tag, {"tag": "VIP 2"})
    assert client.tags.get(tag).record["tag"] == "VIP 2"
    assert [record["tag"] for record in client.tags.list(search="VIP")] == ["VIP 2"]
    link = client.contact_tags.create({"contact": ada, "tag": tag})
    assert account.state()["contacts"][ada]["tags"] == ["VIP 2"]
    links = list(client.contact_tags.of_contact(ada))
    assert [record["id"] for record in links] == [link.id]
    client.contact_tags.delete(link.id)
    assert account.state()["contacts"][ada]["tags"] == []
    client.tags.delete(tag)
    assert account.state()["counts"]["tags"] == 0


def test_lists(client, account, ada):
    made = client.lists.create({"name": "News", "stringid": "news"})
    client.lists.show_to_group(made.id, 1)
    assert client.lists.get(made.id).record["name"] == "News"
    found = client.lists.list(filters={"name": "News"})
    assert made.id in {record["id"] for record in found}
    client.contact_lists.create({"contact": ada, "list": made.id, "status": 1})
    client.contact_lists.create({"contact": ada, "list": made.id, "status": 2})
    statuses = [link["status"] for link in client.contact_lists.of_contact(ada)]
    assert [str(status) for status in statuses] == ["2"]
    assert account.state()["contacts"][ada]["lists"] == {made.id: "2"}
    client.lists.delete(made.id)
    assert made.id not in account.state()["lists"]


@pytest.mark.parametrize("shape", ["observed", "documented"])
def test_fields(client, account, ada, shape):
    account.options(field_created_shape=shape)
    field = client.fields.create({"title": "Colour", "type": "dropdown"}).id
    relation = client.field_rels.create({"field": field, "relid": 0}).id
    options = client.field_options.create(
        [{"field": field, "value": "b", "label": "Blue", "orderid": 1}]
    )
    member = client.group_members.create({"rel_id": field, "group_id": "1"}).id
    client.fields.update(field, {"title": "Hue"})
    assert client.fields.get(field).record["title"] == "Hue"
    assert [record["id"] for record in client.fields.list()] == [field]
    assert client.group_members.get(member).status == 200
    client.group_members.update(member, {"rel_id": field, "group_id": "1"})
    assert next(client.group_members.groups())["id"] == 1
    state = account.state()
    assert state["fields"][field]["title"] == "Hue"
    assert options.id in state["fieldOptions"] and relation in state["fieldRels"]
    client.group_members.delete(member)
    client.field_options.delete(options.id)
    client.field_rels.delete(relation)
    client.fields.delete(field)
    counts = account.state()["counts"]
    assert counts["fields"] == counts["fieldOptions"] == counts["fieldRels"] == 0


def test_a_field_twice_is_a_duplicate(client):
    client.fields.create({"title": "Colour", "type": "text"})
    with pytest.raises(Duplicate):
        client.fields.create({"title": "Colour", "type": "text"})


def test_field_values(client, account, ada):
    field = client.fields.create({"title": "Colour", "type": "text"}).id
    values = {"contact": ada, "field": field, "value": "red"}
    value = client.field_values.create(values).id
    client.field_values.update(value, values | {"value": "blue"})
    assert client.field_values.get(value).record["value"] == "blue"
    found = client.field_values.list(filters={"fieldid": field})
    assert [record["id"] for record in found] == [value]
    assert account.state()["contacts"][ada]["fields"] == {field: "blue"}
    client.field_values.delete(value)
    assert account.state()["counts"]["fieldValues"] == 0


def test_notes(client, account, ada):
    values = {"note": "Called", "relid": ada, "reltype": "Subscriber"}
    note = client.notes.create(values).id
    client.notes.update(note, values | {"note": "Called twice"})
    assert client.notes.get(note).record["note"] == "Called twice"
    assert [record["id"] for record in client.notes.list()] == [note]
    assert account.state()["notes"][note]["note"] == "Called twice"
    client.notes.delete(note)
    assert account.state()["counts"]["notes"] == 0
