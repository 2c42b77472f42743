"""Bulk import: a batch in the background, with limits of its own."""

import pytest

from simulator.receiver import receiving

pytest_plugins = ["simulator.fixtures"]


def rows(count, **more):
    return [{"email": f"p{number}@example.com"} | more for number in range(count)]


def test_a_batch_is_processed_later(api, control):
    control.options(import_latency=3600)
    answer = api.post("/import/bulk_import", {"contacts": rows(2)}).json()
    assert (answer["Success"], answer["queued_contacts"]) == (1, 2)
    info = api.get("/import/info", batchId=answer["batchId"])
    assert info == {"status": "active", "success": [], "failure": []}
    assert control.state()["counts"]["contacts"] == 0
    outstanding = api.get("/import/bulk_import")["outstanding"]
    assert (outstanding[0]["batches"], outstanding[0]["contacts"]) == ("1", "2")


def test_every_part_of_a_contact_arrives(api, control):
    control.seed(fields=2)
    contact = {
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "L",
        "phone": "+4930111",
        "customer_acct_name": "Example Ltd",
        "tags": ["A", "B"],
        "fields": [{"id": 1, "value": "x"}, {"id": "2", "value": "||a||b||"}],
        "subscribe": [{"listid": 1}],
    }
    assert api.import_contacts(contact)["success"] == ["1"]
    found = control.state()["contacts"]["1"]
    assert (found["firstName"], found["lastName"], found["phone"]) == (
        "Ada",
        "L",
        "+4930111",
    )
    assert (found["tags"], found["lists"]) == (["A", "B"], {"1": "1"})
    assert found["fields"] == {"1": "x", "2": "||a||b||"}
    assert found["account"] == "Example Ltd"


def test_ids_for_what_went_in_and_emails_for_what_did_not(api):
    info = api.import_contacts(
        {"email": "ada@example.com"},
        {"email": "no@domain"},
        {"email": "o'no@example.com"},
    )
    assert info["success"] == ["1"]
    assert info["failure"] == ["no@domain", "o'no@example.com"]


def test_success_can_be_made_to_name_emails(api, control):
    control.options(import_success="emails")
    assert api.import_contacts({"email": "a@example.com"})["success"] == [
        "a@example.com"
    ]


def test_tags_are_only_added(api, control):
    api.import_contacts({"email": "ada@example.com", "tags": ["A"]})
    api.import_contacts({"email": "ada@example.com", "tags": ["B"]})
    assert control.state()["contacts"]["1"]["tags"] == ["A", "B"]


def test_who_has_unsubscribed_stays_so(api, control):
    contact = {"email": "ada@example.com", "subscribe": [{"listid": 1}]}
    api.import_contacts(contact)
    control.act("unsubscribe", email="ada@example.com")
    api.import_contacts(contact)
    assert control.state()["contacts"]["1"]["lists"] == {"1": "2"}


def test_excluded_addresses_are_skipped_without_a_word(api, control):
    control.exclude("@spam.example.com", match="end")
    info = api.import_contacts(
        {"email": "x@spam.example.com"}, {"email": "y@example.com"}
    )
    assert (info["success"], info["failure"]) == (["1"], [])
    assert control.state()["counts"]["contacts"] == 1


def test_automations_run_unless_they_are_excluded(api, control):
    first = {"email": "ada@example.com", "subscribe": [{"listid": 1}]}
    second = {"email": "bob@example.com", "subscribe": [{"listid": 1}]}
    api.import_contacts(first, second | {"exclude_automations": True})
    entries = control.state()["contactAutomations"].values()
    assert [entry["contact"] for entry in entries] == [1]


def test_imports_fire_no_webhooks(api, control, receiver):
    api.new_webhook(receiver.url, "subscribe", "update", "contact_tag_added")
    api.import_contacts(
        {"email": "a@example.com", "tags": ["A"], "subscribe": [{"listid": 1}]}
    )
    assert control.deliveries() == []


@pytest.mark.parametrize(
    "contact, reason",
    [
        ({"first_name": "Ada"}, "Field 'email' is required"),
        ({"email": "nobody"}, "Field 'email' incorrect format"),
        (
            {"email": "a@example.com", "fields": [{"value": 1}]},
            "Field 'fields' incorrect format",
        ),
        (
            {"email": "a@example.com", "subscribe": [1]},
            "Field 'subscribe' incorrect format",
        ),
    ],
)
def test_one_wrong_contact_refuses_all(api, control, contact, reason):
    answer = api.post("/import/bulk_import", {"contacts": [*rows(1), contact]})
    failure = {"contact": 1, "failureReason": reason}
    assert (answer.status_code, answer.json()["failureReasons"]) == (400, [failure])
    assert control.state()["counts"]["contacts"] == 0


def test_the_number_of_a_wrong_contact_can_begin_with_one(api, control):
    control.options(import_index_base=1)
    answer = api.post("/import/bulk_import", {"contacts": [{"email": "x"}]}).json()
    assert answer["failureReasons"][0]["contact"] == 1


def test_at_most_250_contacts_and_400000_bytes(api):
    assert api.post("/import/bulk_import", {"contacts": rows(250)}).ok
    assert api.post("/import/bulk_import", {"contacts": rows(251)}).status_code == 400
    heavy = rows(200, fields=[{"id": 1, "value": "x" * 2000}])
    assert api.post("/import/bulk_import", {"contacts": heavy}).status_code == 400


def test_the_import_limit_is_a_400(api, control):
    control.limits(enabled=True, requests_per_second=1000, imports_per_minute=2)
    answers = [api.post("/import/bulk_import", {"contacts": rows(2)}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 400]
    assert answers[2].json()["message"] == "Rate limit exceeded."


def test_single_contacts_have_a_lower_limit(api, control):
    control.limits(enabled=True, requests_per_second=1000)
    answers = [
        api.post("/import/bulk_import", {"contacts": rows(1)}) for _ in range(21)
    ]
    assert [answer.ok for answer in answers] == [True] * 20 + [False]


def test_a_batch_id_is_needed(api):
    answer = api.call("GET", "/import/info")
    text = "'batchId' is a required field."
    assert (answer.status_code, answer.json()) == (400, {"success": 0, "message": text})


def test_the_callback_tells_of_the_outcome(api, control):
    with receiving() as receiver:
        callback = {
            "url": f"{receiver.url}/done",
            "requestType": "POST",
            "detailed_results": "true",
            "params": [{"key": "run", "value": "7"}],
            "headers": [{"key": "X-Secret", "value": "s"}],
        }
        api.import_contacts(
            {"email": "a@example.com"}, {"email": "b@b"}, callback=callback
        )
        control.deliveries()
        call = receiver.received[0]
    assert (call.path, call.headers["X-Secret"]) == ("/done", "s")
    assert call.headers["Content-Type"] == "application/json"
    assert call.json["success"] == 1
    assert (call.json["failure"], call.json["run"]) == (1, "7")
