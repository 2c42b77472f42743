"""Who may tell us something: from where, with which token, and how much of it.

In this order: nothing comes after a flood.
"""

import gzip
from urllib.parse import urlencode

import pytest
import requests
from told import TOKEN, events, form


@pytest.mark.parametrize(
    "request_",
    [
        {
            "data": gzip.compress(urlencode(form("zipped")).encode()),
            "headers": {
                "X-AC-Webhook-Token": TOKEN,
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Encoding": "gzip",
            },
        },
        {"files": {"type": (None, "open"), "mark": ("a.zip", b"PK")}},
    ],
)
def test_nothing_is_unpacked(account, post, request_):
    before = events(account)
    assert post(**request_).status_code == 400
    assert events(account) == before


def test_only_from_allowed_networks(account, post):
    account.write({"allowed_networks": "203.0.113.0/24"})
    assert post(data=form("foreign")).status_code == 403
    forged = {"X-AC-Webhook-Token": TOKEN, "X-Forwarded-For": "203.0.113.9"}
    assert post(data=form("foreign"), headers=forged).status_code == 403
    account.write({"allowed_networks": "203.0.113.0/24 127.0.0.0/8 ::1"})
    assert post(data=form("foreign")).status_code == 200
    account.write({"allowed_networks": False})
    assert events(account, "eventforeign@example.com") == ["open"]


def test_a_new_token_is_told_and_the_old_one_lasts_a_while(account, post):
    def url():
        (webhook,) = account.simulator.control.state("webhooks")["webhooks"].values()
        return webhook["url"]

    account.call("action_connect_webhook")
    before = url()
    account.call("action_new_webhook_token")
    account.wait("the account knows it", lambda: url() != before)
    fresh = requests.post(url(), data=form("fresh"), timeout=60)
    assert (fresh.status_code, post(data=form("stale")).status_code) == (200, 200)
    account.call("action_stop_old_token")
    assert post(data=form("stale")).status_code == 403
    account.write({"ac_webhook_token": TOKEN})
    assert post(data=form("stale2")).status_code == 200


def test_wrong_tokens_are_slowed_down_and_told_once(account, post):
    thief = {"X-AC-Webhook-Token": "stolen"}
    answers = [post(data=form("flood"), headers=thief) for _ in range(80)]
    assert {answer.status_code for answer in answers} == {403, 429}
    slow = next(answer for answer in answers if answer.status_code == 429)
    assert int(slow.headers["Retry-After"]) >= 1
    assert post(data=form("after the flood")).status_code == 200
    fields = ["message", "trace"]
    domain = [("code", "=", "wrong_token")]
    (alert,) = account.server.call("ac.error.log", "search_read", domain, fields)
    assert "127.0.0.1" in alert["message"]
    assert "stolen" not in str(alert)


def test_more_events_than_an_account_may_send(account, post):
    account.write({"max_events_per_minute": 1})
    statuses = {post(data=form(f"many{n}")).status_code for n in range(8)}
    account.write({"max_events_per_minute": 30000})
    assert statuses <= {200, 429} and 429 in statuses
