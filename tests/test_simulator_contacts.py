"""Contacts, tags, lists and fields of the simulator: what surprises in the real API."""

import pytest

pytest_plugins = ["simulator.fixtures"]


def emails(answer):
    return [contact["email"] for contact in answer["contacts"]]


@pytest.fixture
def people(api):
    """Three contacts with ids 1 to 3."""
    api.new_contact("ada@example.com", firstName="Ada", phone="+4930111")
    api.new_contact("bob@example.org", firstName="Bob", lastName="Żak")
    api.new_contact("chloe@example.com", firstName="Chloé")
    return api


def test_the_key_is_asked_for_with_403(api):
    answer = api.call("GET", "/users/me", headers={"Api-Token": "wrong"})
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})
    assert api.get("/users/me")["user"]["username"] == "admin"


def test_every_user_has_a_key_until_it_is_revoked(api, control):
    def status(key):
        return api.call("GET", "/users/me", headers={"Api-Token": key}).status_code

    assert status("of-another-user") == 403
    control.options(user_keys=["of-another-user"])
    assert [status("of-another-user"), status("simulator-key")] == [200, 200]
    control.options(revoked_keys=["simulator-key"])
    assert [status("of-another-user"), status("simulator-key")] == [200, 403]


def test_sync_creates_once_and_then_updates(api, control):
    first = api.post("/contact/sync", {"contact": {"email": "ada@example.com"}})
    values = {"email": "ADA@example.com ", "firstName": "Ada"}
    second = api.post("/contact/sync", {"contact": values})
    assert (first.status_code, second.status_code) == (201, 200)
    contact = control.state()["contacts"]["1"]
    assert (contact["firstName"], control.state()["counts"]["contacts"]) == ("Ada", 1)
    assert contact["cdate"] <= contact["udate"]


def test_sync_keeps_what_is_left_out_and_clears_what_is_empty(api, control):
    control.seed(fields=2)
    values = [{"field": "1", "value": "one"}, {"field": "2", "value": "two"}]
    api.new_contact(firstName="Ada", fieldValues=values)
    api.new_contact(lastName="L", fieldValues=[{"field": "1", "value": ""}])
    contact = control.state()["contacts"]["1"]
    assert (contact["firstName"], contact["lastName"]) == ("Ada", "L")
    assert contact["fields"] == {"1": "", "2": "two"}


def test_sync_shows_values_beside_and_ids_inside(api, control):
    control.seed(fields=1)
    body = {"email": "ada@example.com", "fieldValues": [{"field": 1, "value": "x"}]}
    answer = api.post("/contact/sync", {"contact": body}).json()
    assert answer["contact"]["fieldValues"] == [answer["fieldValues"][0]["id"]]
    assert answer["fieldValues"][0]["value"] == "x"


def test_the_plural_sync_is_a_plain_create(people):
    answer = people.post("/contacts/sync", {"contact": {"email": "ada@example.com"}})
    assert answer.status_code == 422


def test_a_known_email_cannot_be_created_again(people, control):
    answer = people.post("/contacts", {"contact": {"email": "ada@example.com"}})
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["code"]) == (422, "duplicate")
    assert error["source"] == {"pointer": "/data/attributes/email"}
    assert control.state()["counts"]["contacts"] == 3


def test_an_email_may_not_become_anothers(people, control):
    answer = people.put("/contacts/2", {"contact": {"email": "ada@example.com"}})
    assert answer.status_code == 422
    assert control.state()["contacts"]["2"]["email"] == "bob@example.org"


def test_a_changed_email_keeps_the_contact(people):
    people.put("/contacts/1", {"contact": {"email": "new@example.com"}})
    assert people.get("/contacts", email="new@example.com")["contacts"][0]["id"] == "1"
    assert people.get("/contacts", email="ada@example.com")["contacts"] == []


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a b@example.com", "a@b.c;d@e.f"]
)
def test_a_broken_email_is_refused_with_the_chosen_status(api, control, email):
    control.options(invalid_email_status=400)
    answer = api.post("/contact/sync", {"contact": {"email": email}})
    assert answer.status_code == 400
    assert control.state()["counts"]["contacts"] == 0


def test_an_unknown_contact_is_a_404_by_its_old_name(api):
    answer = api.call("GET", "/contacts/77")
    text = "No Result found for Subscriber with id 77"
    assert (answer.status_code, answer.json()) == (404, {"message": text})


def test_a_deleted_contact_takes_everything_along(people, control):
    people.post("/contactTags", {"contactTag": {"contact": 1, "tag": 1}})
    people.post(
        "/contactLists", {"contactList": {"contact": 1, "list": 1, "status": 1}}
    )
    assert people.delete("/contacts/1").json() == {}
    counts = control.state()["counts"]
    assert (counts["contacts"], counts["contactTags"], counts["contactLists"]) == (
        2,
        0,
        0,
    )


# ---------------------------------------------------------------------- JSON and pages


def test_numbers_and_totals_are_strings_and_slashes_are_escaped(people):
    answer = people.call("GET", "/contacts")
    assert answer.json()["meta"]["total"] == "3"
    assert answer.json()["contacts"][0]["id"] == "1"
    assert r"http:\/\/" in answer.text
    assert people.get("/webhook/events")["meta"]["total"] == 25


def test_a_page_has_20_and_at_most_100(api, control):
    control.seed(contacts=130)
    assert len(api.get("/contacts")["contacts"]) == 20
    assert len(api.get("/contacts", limit=1000)["contacts"]) == 100
    last = api.get("/contacts", limit=100, offset=100)
    assert (len(last["contacts"]), last["meta"]["total"]) == (30, "130")


def test_walking_by_id_greater_sees_every_contact_once(api, control):
    control.seed(contacts=250)
    seen, last = [], 0
    while page := api.get(
        "/contacts", **{"orders[id]": "ASC", "id_greater": last, "limit": 100}
    )["contacts"]:
        seen += [int(contact["id"]) for contact in page]
        last = seen[-1]
    assert seen == list(range(1, 251))


@pytest.mark.parametrize(
    "query, expected",
    [
        ({"ids[]": [1, 3]}, ["ada", "chloe"]),
        ({"email": "BOB@example.org"}, ["bob"]),
        ({"email_like": "example.com"}, ["ada", "chloe"]),
        ({"exclude": 2}, ["ada", "chloe"]),
        ({"id_greater": 1, "id_less": 3}, ["bob"]),
        ({"phone": "+4930"}, ["ada"]),
        ({"search": "żak"}, ["bob"]),
        ({"tagid": 1}, ["ada"]),
        ({"listid": 1}, ["ada", "bob"]),
        ({"listid": 1, "status": 1}, ["ada"]),
        ({"listid": 1, "status": 2}, ["bob"]),
        ({"status": 2}, ["bob"]),
        ({"seriesid": 1}, ["ada"]),
        ({"filters[created_after]": "2100-01-01"}, []),
        ({"filters[updated_before]": "2100-01-01T00:00:00Z"}, ["ada", "bob", "chloe"]),
        ({"orders[first_name]": "DESC"}, ["chloe", "bob", "ada"]),
        ({"orders[id]": "DESC", "limit": 1}, ["chloe"]),
    ],
)
def test_every_filter_of_contacts(people, query, expected):
    people.post("/tags", {"tag": {"tag": "VIP", "tagType": "contact"}})
    people.post("/contactTags", {"contactTag": {"contact": 1, "tag": 1}})
    for contact, status in ((1, 1), (2, 2)):
        body = {"contact": contact, "list": 1, "status": status}
        people.post("/contactLists", {"contactList": body})
    found = people.get("/contacts", **query)
    assert [email.split("@")[0] for email in emails(found)] == expected


# ------------------------------------------------------------------ tags, lists, fields


def test_a_tag_is_given_once_and_taken_by_its_association(people, control):
    tag = people.post("/tags", {"tag": {"tag": "VIP"}}).json()["tag"]["id"]
    body = {"contactTag": {"contact": "1", "tag": tag}}
    first, again = (people.post("/contactTags", body).json() for _ in range(2))
    assert first["contactTag"]["id"] == again["contactTag"]["id"]
    assert first["contacts"][0]["email"] == "ada@example.com"
    assert people.delete(f"/contactTags/{first['contactTag']['id']}").ok
    assert control.state()["contacts"]["1"]["tags"] == []
    assert people.delete("/contactTags/99").status_code == 404


def test_tags_are_found_by_operators(api):
    for name in ("Odoo: A", "Odoo: B", "Other"):
        api.post("/tags", {"tag": {"tag": name}})
    found = api.get("/tags", **{"filters[search][starts_with]": "odoo"})
    assert [tag["tag"] for tag in found["tags"]] == ["Odoo: A", "Odoo: B"]
    found = api.get("/tags", **{"filters[search][eq]": "other"})
    assert found["meta"]["total"] == "1"


def test_a_list_status_may_come_as_number_or_text(people, control):
    body = {"contactList": {"list": 1, "contact": 1, "status": 1}}
    shown = people.post("/contactLists", body).json()["contactList"]
    assert (shown["contact"], shown["list"], shown["status"]) == ("1", "1", 1)
    control.options(contact_list_numbers="ints")
    shown = people.post("/contactLists", body).json()["contactList"]
    assert (shown["contact"], shown["list"], shown["status"]) == (1, 1, 1)
    assert control.state()["contacts"]["1"]["lists"] == {"1": "1"}


def test_subscribing_again_can_be_made_to_need_a_source(people, control):
    unsubscribed = {"list": 1, "contact": 1, "status": 2}
    people.post("/contactLists", {"contactList": unsubscribed})
    control.options(resubscribe_needs_sourceid=True)
    again = unsubscribed | {"status": 1}
    assert people.post("/contactLists", {"contactList": again}).status_code == 422
    assert control.state()["contacts"]["1"]["lists"] == {"1": "2"}
    assert people.post("/contactLists", {"contactList": again | {"sourceid": 4}}).ok
    assert control.state()["contacts"]["1"]["lists"] == {"1": "1"}


def test_a_field_title_is_unique_and_its_tag_upper_case(api):
    body = {"field": {"type": "text", "title": "Shoe size", "perstag": "my shoe"}}
    created = api.post("/fields", body)
    assert (created.status_code, created.json()["field"]["perstag"]) == (201, "MYSHOE")
    again = api.post("/fields", body)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "duplicate")


def test_options_and_relations_show_beside_the_field(api):
    api.post("/fields", {"field": {"type": "dropdown", "title": "Colour"}})
    rows = [
        {"orderid": 1, "value": "red", "label": "Red", "isdefault": 0, "field": "1"}
    ]
    api.post("/fieldOption/bulk", {"fieldOptions": rows})
    api.post("/fieldRels", {"fieldRel": {"field": 1, "relid": 0}})
    found = api.get("/fields")
    assert found["fields"][0]["options"] == [found["fieldOptions"][0]["id"]]
    assert found["fields"][0]["relations"] == [found["fieldRels"][0]["id"]]


def test_an_automation_is_entered_and_left(people, control):
    body = {"contactAutomation": {"contact": "1", "automation": "1"}}
    entry = people.post("/contactAutomations", body)
    assert entry.status_code == 201
    key = entry.json()["contactAutomation"]["id"]
    assert people.delete(f"/contactAutomations/{key}").ok
    assert control.state()["counts"]["contactAutomations"] == 0
    body["contactAutomation"]["automation"] = 99
    refused = people.post("/contactAutomations", body)
    text = "Could not create SubscriberSeries"
    assert (refused.status_code, refused.json()) == (403, {"message": text})
