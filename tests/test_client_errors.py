"""Every error: which class, and what it tells."""

import pytest

from activecampaign import (
    ActiveCampaignError,
    AuthenticationError,
    Duplicate,
    FatalError,
    NotFound,
    Paused,
    RateLimited,
    Rejected,
    RetriableError,
    RetryPolicy,
    ServerError,
    SkippableError,
    UncertainOutcome,
    Unreachable,
    WrongHost,
)
from activecampaign.errors import TEXT_LIMIT, Answer, clean, error_for
from activecampaign.transport import json_object

pytest_plugins = ["client_support"]

DUPLICATE = (
    b'{"errors":[{"title":"Email address already exists in the system",'
    b'"detail":"","code":"duplicate"}]}'
)
IMPORT_LIMIT = (
    b'{"success":0,"message":"Rate limit exceeded.","failureReasons":["Up to 100"]}'
)
SUBJECT = b'{"message":"Could not create SubscriberSeries"}'

# The documented bodies (OAS), whatever else a server may send, and their classes.
DECISIONS = [
    (404, b'{"message":"No Result found for Subscriber with id 1"}', NotFound),
    (404, b'{"errors":[{"status":404,"title":"Not Found"}]}', NotFound),
    (422, DUPLICATE, Duplicate),
    (400, DUPLICATE, Duplicate),
    (409, b"{}", Duplicate),
    (422, b'{"errors":[{"title":"No name","code":"field_missing"}]}', Rejected),
    (422, b'{"errors":"Bulk operation failed."}', Rejected),
    (400, b"{}", Rejected),
    (400, b"", Rejected),
    (413, b"<html>too large</html>", Rejected),
    (400, IMPORT_LIMIT, RateLimited),
    (429, b"", RateLimited),
    (403, b'{"message":"Forbidden"}', AuthenticationError),
    (403, b"", AuthenticationError),
    (403, b"<html>no</html>", AuthenticationError),
    (403, SUBJECT, Rejected),
    (403, b'{"message":"No Result found for SubscriberSeries with id 1"}', NotFound),
    (403, b'{"errors":[{"title":"No","code":"field_invalid"}]}', Rejected),
    (403, b'{"message":"Client error: 400 Bad Request: rel_id is required"}', Rejected),
    (403, b'{"message":"Something else"}', AuthenticationError),
    (401, b"", AuthenticationError),
    (402, b"", AuthenticationError),
    (301, b"", WrongHost),
    (500, b"<html>", ServerError),
    (503, b"", ServerError),
    (526, b"", ServerError),
    (590, b"", ServerError),
    (408, b"", ServerError),
]


def decide(status, body, repeatable=True):
    answer = Answer(status, json_object(body), body.decode(), method="GET", path="/x")
    return error_for(answer, repeatable)


@pytest.mark.parametrize(("status", "body", "kind"), DECISIONS)
def test_status_and_body_decide(status, body, kind):
    assert type(decide(status, body)) is kind


@pytest.mark.parametrize("status", [408, 500, 502, 503, 524])
def test_a_failed_create_is_uncertain(status):
    assert type(decide(status, b"", repeatable=False)) is UncertainOutcome


@pytest.mark.parametrize("status", [200, 201, 202, 204])
@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"half a bo"])
def test_success_needs_no_body(status, body):
    assert decide(status, body) is None


@pytest.mark.parametrize(
    ("parent", "kinds"),
    [
        (
            RetriableError,
            {RateLimited, Unreachable, ServerError, UncertainOutcome, Paused},
        ),
        (SkippableError, {Rejected, NotFound, Duplicate}),
        (FatalError, {AuthenticationError, WrongHost}),
        (ActiveCampaignError, {RetriableError, SkippableError, FatalError}),
    ],
)
def test_three_answers_to_what_next(parent, kinds):
    assert set(parent.__subclasses__()) == kinds
    assert all(kind.hint for kind in kinds)


def test_unknown_bodies_are_cleaned_and_cut():
    page = "<style>p{}</style><h1>Bad\x1b[0m\n gateway</h1><script>x()</script>" + (
        "<p>blah</p>" * 5000
    )
    assert clean(page).startswith("Bad [0m gateway blah blah")
    assert len(clean(page)) == TEXT_LIMIT
    assert clean("<" * 50_000) != ""


def test_an_error_explains_itself(client):
    with pytest.raises(NotFound) as caught:
        client.contacts.get(77)
    error = caught.value
    assert (error.status, error.method) == (404, "GET")
    assert error.path == "/api/3/contacts/77"
    assert error.text == "No Result found for Subscriber with id 77"
    assert str(error) == f"GET /api/3/contacts/77: 404 {error.text}. {error.hint}"


def test_a_duplicate_has_its_code(client, account):
    client.create_contact({"email": "ada@example.com"})
    with pytest.raises(Duplicate) as caught:
        client.create_contact({"email": "ada@example.com"})
    assert (caught.value.code, caught.value.status) == ("duplicate", 422)
    assert account.state()["counts"]["contacts"] == 1


def test_bad_values_are_rejected(client, account):
    with pytest.raises(Rejected) as caught:
        client.create_contact({"email": "not an address"})
    assert "not an address" not in str(caught.value)
    assert account.state()["counts"]["contacts"] == 0


def test_whoever_has_to_wait_is_told_how_long():
    assert "Wait a minute." in str(RateLimited("Busy", retry_after=60))
    assert "Wait 3 minutes." in str(RateLimited("Busy", retry_after=121))


def test_a_bad_key_is_asked_again_and_then_given_up(new_client, sent):
    with pytest.raises(AuthenticationError) as caught:
        new_client(api_key="another-key").users.me()
    assert caught.value.status == 403
    assert "Settings > Developer" in str(caught.value)
    assert sent() == [("GET", "/users/me", 403)] * 3


@pytest.mark.parametrize("key", ["", "  ", None, "two words", "line\nbreak", "clé"])
def test_an_impossible_key_is_refused_before_sending(new_client, key, sent):
    with pytest.raises(AuthenticationError):
        new_client(api_key=key)
    assert sent() == []


def test_a_403_about_a_record_is_no_matter_of_the_key(client, sent):
    contact = client.create_contact({"email": "ada@example.com"})
    with pytest.raises(Rejected) as caught:
        client.add_contact_to_automation(contact.id, 99)
    assert caught.value.text == "Could not create SubscriberSeries"
    with pytest.raises(NotFound):
        client.contact_automations.delete(99)
    assert len(sent("contactAutomations")) == 2


def test_bad_rows_of_an_import_are_named(client, account):
    rows = [{"email": "ada@example.com"}, {"email": "broken"}, {"email": ""}]
    with pytest.raises(Rejected) as caught:
        client.imports.bulk(rows)
    assert caught.value.rows == [
        (1, "Field 'email' incorrect format"),
        (2, "Field 'email' is required"),
    ]
    account.options(import_index_base=1)
    with pytest.raises(Rejected) as caught:
        client.imports.bulk(rows)
    assert [index for index, reason in caught.value.rows] == [2, 3]
    assert account.state()["counts"]["contacts"] == 0


def test_too_many_imports_are_a_rate_limit(new_client, account):
    account.limits(enabled=True, requests_per_second=1000, imports_per_minute=2)
    client = new_client(retry=RetryPolicy(attempts=1))
    rows = [{"email": f"p{number}@example.com"} for number in range(2)]
    client.imports.bulk(rows)
    client.imports.bulk(rows)
    with pytest.raises(RateLimited) as caught:
        client.imports.bulk(rows)
    assert caught.value.status == 400


def test_nobody_listens(client):
    client.root = "http://127.0.0.1:9"
    with pytest.raises(Unreachable) as caught:
        client.tags.create({"tag": "VIP"})
    assert caught.value.status is None
    assert "No connection" in str(caught.value)


def test_something_else_answers(client, account):
    account.faults({"path": "users/me", "kind": "status", "status": 404, "times": 1})
    with pytest.raises(WrongHost):
        client.users.me()
    account.faults({"path": "users/me", "kind": "empty", "times": 1})
    with pytest.raises(WrongHost):
        client.users.me()
    assert client.users.me().record["username"] == "admin"


def test_an_answer_without_end_is_cut_off(client, account, monkeypatch):
    account.seed(contacts=100)
    monkeypatch.setattr("activecampaign.transport.MAX_RESPONSE_BYTES", 10_000)
    with pytest.raises(WrongHost):
        list(client.contacts.list())
