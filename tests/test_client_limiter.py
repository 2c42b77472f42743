"""The limit of the account, as the account sees it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from activecampaign import LocalLimiter

pytest_plugins = ["client_support"]


def test_four_threads_stay_below_the_limit(new_client, account):
    account.limits(enabled=True, retry_after=1)
    limiter = LocalLimiter()

    def work(thread):
        with new_client(limiter=limiter) as client:
            for number in range(6):
                client.contacts.sync({"email": f"p{thread}.{number}@example.com"})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    report = account.log()
    assert account.state()["counts"]["contacts"] == 24
    assert report["max_per_second_seen"] <= 5
    assert report["statuses"] == {"201": 24}


def test_a_client_has_a_limiter_by_default(new_client, account):
    account.limits(enabled=True, retry_after=1)
    client = new_client(limiter=None)
    for number in range(7):
        client.tags.create({"tag": f"Tag {number}"})
    assert account.log()["max_per_second_seen"] <= 5


def test_imports_have_a_limit_of_their_own(new_client, account):
    limiter = LocalLimiter(requests_per_second=1000, imports_per_minute=60)
    client = new_client(limiter=limiter)
    for number in range(3):
        client.imports.bulk([{"email": f"p{number}@example.com"}])
        client.users.me()
    moments = [
        entry["t"]
        for entry in account.log()["entries"]
        if entry["path"].endswith("bulk_import")
    ]
    # Asked for are 1.1 seconds; the rest is for delays on the way.
    assert moments[1] - moments[0] >= 0.8
    assert moments[2] - moments[1] >= 0.8


def test_unknown_kinds_are_a_mistake():
    with pytest.raises(KeyError):
        LocalLimiter().acquire("guess")
