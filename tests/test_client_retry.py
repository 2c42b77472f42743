"""What is sent again, and what never: judged by what the account then holds."""

from itertools import pairwise

import pytest

from activecampaign import (
    RateLimited,
    RetryPolicy,
    ServerError,
    UncertainOutcome,
    Unreachable,
)

pytest_plugins = ["client_support"]

REPEATED = [429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 403]


def fault(account, kind, path="", **values):
    account.faults({"kind": kind, "path": path, **values})


@pytest.mark.parametrize("status", REPEATED)
def test_a_passing_failure_is_not_noticed(client, account, status):
    fault(account, "status", status=status, times=2, retry_after=0)
    result = client.contacts.sync({"email": "ada@example.com"})
    assert (result.created, result.attempts) == (True, 3)
    assert account.state()["counts"]["contacts"] == 1


@pytest.mark.parametrize("kind", ["drop", "truncate", "accept_timeout"])
def test_a_broken_wire_is_not_noticed_by_an_upsert(new_client, account, kind):
    fault(account, kind, times=2, seconds=3)
    result = new_client(timeout=1.0).contacts.sync({"email": "ada@example.com"})
    assert (result.record["email"], result.attempts) == ("ada@example.com", 3)
    assert account.state()["counts"]["contacts"] == 1


@pytest.mark.parametrize("status", [501, 505, 590, 408])
def test_other_server_errors_are_left_to_the_caller(client, account, status, sent):
    fault(account, "status", status=status)
    with pytest.raises(ServerError):
        client.users.me()
    assert len(sent()) == 1


def test_five_attempts_at_most(client, account, sent):
    fault(account, "status", status=503)
    with pytest.raises(ServerError):
        client.users.me()
    assert len(sent()) == 5


def test_a_create_that_timed_out_is_not_repeated(new_client, account, sent):
    fault(account, "accept_timeout", "tags", seconds=3)
    with pytest.raises(UncertainOutcome):
        new_client(timeout=1.0).tags.create({"tag": "VIP"})
    assert [tag["tag"] for tag in account.state()["tags"].values()] == ["VIP"]
    assert len(sent("tags")) == 1


@pytest.mark.parametrize("kind", ["status", "drop", "truncate"])
def test_a_create_of_unknown_outcome_is_not_repeated(client, account, kind, sent):
    fault(account, kind, "tags")
    with pytest.raises(UncertainOutcome):
        client.tags.create({"tag": "VIP"})
    assert len(sent("tags")) == 1


def test_a_create_is_repeated_when_the_caller_says_so(client, account, sent):
    fault(account, "truncate", "fieldValues", times=1)
    account.seed(contacts=1, fields=1)
    values = {"contact": 1, "field": 1, "value": "x"}
    client.field_values.create(values, idempotent=True)
    assert len(sent("fieldValues")) == 2
    assert account.state()["contacts"]["1"]["fields"] == {"1": "x"}


@pytest.mark.parametrize("status", [429, 403])
def test_a_refused_create_is_repeated(client, account, status):
    fault(account, "status", "tags", status=status, times=2, retry_after=0)
    result = client.tags.create({"tag": "VIP"})
    assert (result.created, result.attempts) == (True, 3)
    assert account.state()["counts"]["tags"] == 1


def test_a_create_is_repeated_when_nobody_listened(new_client, account):
    client = new_client()
    root, client.root = client.root, "http://127.0.0.1:9"
    pauses = []

    class HostComesUp:
        def acquire(self, kind):
            pauses.append(kind)
            client.root = root if len(pauses) > 2 else client.root

        def ended(self, answered):
            """Nobody counts."""

        def pause(self, seconds):
            """The host asks for none."""

    client.limiter = HostComesUp()
    assert client.tags.create({"tag": "VIP"}).attempts == 3
    assert account.state()["counts"]["tags"] == 1


def test_an_empty_answer_to_a_write_is_a_success(client, account):
    fault(account, "empty", "tags")
    result = client.tags.create({"tag": "VIP"})
    assert (result.data, result.record, result.id) == ({}, {}, None)
    assert (result.created, result.status) == (True, 201)
    assert account.state()["counts"]["tags"] == 1


def test_waits_double(new_client, account):
    fault(account, "status", status=500)
    with pytest.raises(ServerError):
        new_client(retry=RetryPolicy(first_wait=0.1, jitter=0.0)).users.me()
    moments = [entry["t"] for entry in account.log()["entries"]]
    gaps = [after - before for before, after in pairwise(moments)]
    assert len(gaps) == 4
    assert all(gap >= 0.1 * 2**number for number, gap in enumerate(gaps))


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(client, account, status):
    fault(account, "status", status=status, times=1, retry_after=1)
    assert client.users.me().attempts == 2
    first, second = account.log()["entries"]
    assert second["t"] - first["t"] >= 1.0


def test_retry_after_beyond_the_cap_is_left_to_the_caller(client, account, sent):
    fault(account, "status", status=429, retry_after=30)
    with pytest.raises(RateLimited) as caught:
        client.users.me()
    assert caught.value.retry_after == 30
    assert len(sent()) == 1


def test_a_retry_after_pauses_every_client_of_the_account(new_client, account):
    first = new_client(retry=RetryPolicy(attempts=1))
    second = new_client(limiter=first.limiter)
    fault(account, "status", status=429, times=1, retry_after=1)
    with pytest.raises(RateLimited):
        first.users.me()
    second.users.me()
    refused, passed = account.log()["entries"]
    assert passed["t"] - refused["t"] >= 1.0


def test_the_real_limit_is_survived(new_client, account):
    account.limits(enabled=True, requests_per_second=5, retry_after=1)
    client = new_client()
    for number in range(12):
        client.tags.create({"tag": f"Tag {number}"})
    report = account.log()
    assert account.state()["counts"]["tags"] == 12
    assert report["max_per_second_accepted"] <= 5
    assert report["statuses"]["429"] >= 1


def test_a_deadline_ends_the_attempts(new_client, account, sent):
    fault(account, "status", status=500)
    policy = RetryPolicy(first_wait=0.4, jitter=0.0, deadline=1.0)
    with pytest.raises(ServerError):
        new_client(retry=policy).users.me()
    # Waits of 0.4 and 0.8 seconds do not both fit into the deadline.
    assert len(sent()) == 2


def test_a_deadline_cuts_the_timeout(new_client, account, sent):
    fault(account, "delay", seconds=20)
    client = new_client(retry=RetryPolicy(deadline=0.5), timeout=60.0)
    with pytest.raises(Unreachable):
        client.users.me()
    assert len(sent()) == 1


def test_a_deadline_spent_waiting_for_a_place_sends_nothing(new_client, sent):
    client = new_client(retry=RetryPolicy(deadline=0.2))
    client.limiter.pause(0.4)
    with pytest.raises(RateLimited):
        client.users.me()
    assert sent() == []


def test_faults_everywhere_and_still_each_contact_once(client, account):
    fault(account, "status", status=500, probability=0.1)
    fault(account, "status", status=429, probability=0.1, retry_after=0)
    fault(account, "drop", probability=0.05)
    fault(account, "truncate", probability=0.05)
    emails = {f"person{number}@example.com" for number in range(60)}
    for email in emails:
        client.contacts.sync({"email": email})
    contacts = account.state()["contacts"].values()
    assert sorted(contact["email"] for contact in contacts) == sorted(emails)
