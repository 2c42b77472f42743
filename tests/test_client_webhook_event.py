"""Which messages are about one event, and what an event is filed under."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activecampaign import EVENT_TYPES, WebhookEvent, parse_webhook

FORM = "application/x-www-form-urlencoded"
NOON = datetime(2026, 7, 18, 12, 0, 0)
CAPTURED = sorted((Path(__file__).parent / "fixtures" / "webhooks").glob("*.form"))
CLICK = {
    "type": "click",
    "date_time": "2026-07-17T22:01:25-05:00",
    "initiated_from": "public",
    "contact": {"id": "12", "email": "ada@example.com", "ip": "127.0.0.1"},
    "campaign": {"id": "3", "name": "Spring"},
    "link": {"id": "7", "url": "https://example.com/offer"},
    "User-Agent": "Mail/1.0",
}
UPDATE = {
    "type": "update",
    "date_time": "2026-07-17T22:01:25-05:00",
    "contact": {"id": "12", "first_name": "Ada", "tags": "a, b"},
}


def key(payload, arrived=NOON):
    return WebhookEvent(payload).key(arrived)


def reordered(payload):
    """The same payload with its keys the other way round."""
    pairs = reversed(payload.items())
    return {k: reordered(v) if isinstance(v, dict) else v for k, v in pairs}


@pytest.mark.parametrize("payload", [CLICK, UPDATE])
@pytest.mark.parametrize(
    "change",
    [
        reordered,
        lambda p: {**p, "User-Agent": "Another/2.0"},
        lambda p: {**p, "contact": {**p["contact"], "ip": "203.0.113.9"}},
        lambda p: {**p, "contact": {**p["contact"], "ip4": "203.0.113.9"}},
        lambda p: {**p, "date_time": "2026-07-18T03:01:25+00:00"},
    ],
)
def test_the_same_event_again(payload, change):
    assert key(change(payload)) == key(payload)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "open"},
        {"date_time": "2026-07-17T22:01:26-05:00"},
        {"contact": {"id": "13"}},
        {"campaign": {"id": "4"}},
        {"link": {"id": "8", "url": "https://example.com/other"}},
    ],
)
def test_another_click(change):
    assert key({**CLICK, **change}) != key(CLICK)


def test_a_click_found_by_polling_is_the_one_the_webhook_told():
    polled = {
        "type": "click",
        "date_time": "2026-07-18T03:01:25Z",
        "contact": {"id": "12"},
        "campaign": {"id": "3"},
        "link": {"url": "https://example.com/offer"},
    }
    assert key(polled) == key(CLICK)


def test_two_changes_of_a_contact_in_one_second_are_two_events():
    other = {**UPDATE, "contact": {**UPDATE["contact"], "first_name": "Augusta"}}
    assert key(other) != key(UPDATE)


def test_unsubscribing_from_two_lists_by_one_mail_is_two_events():
    base = {**CLICK, "type": "unsubscribe"}
    assert key({**base, "list": "1"}) != key({**base, "list": {"0": {"id": "2"}}})
    assert key({**base, "list": "1"}) == key({**base, "list": {"0": {"id": "1"}}})


def test_two_tags_in_one_second_are_two_events_also_beside_a_campaign():
    base = {**CLICK, "type": "contact_tag_added"}
    assert key({**base, "tag": "One"}) != key({**base, "tag": "Two"})


def test_what_carries_no_time_may_happen_again_later():
    body = next(p for p in CAPTURED if p.stem == "automation_webhook_action")
    payload = parse_webhook(body.read_bytes(), FORM)
    assert key(payload) == key(payload, NOON + timedelta(minutes=9))
    assert key(payload) != key(payload, NOON + timedelta(minutes=11))


@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.stem)
def test_captured_deliveries_are_filed(path):
    event = WebhookEvent(parse_webhook(path.read_bytes(), FORM))
    assert event.type in EVENT_TYPES | {"automation"}
    assert event.contact_id.isdigit()
    assert (event.occurred_at is None) == (event.type == "automation")


@pytest.mark.parametrize(
    ("payload", "subject"),
    [
        (UPDATE, "contact 12"),
        ({**CLICK, "type": "subscribe", "list": "1"}, "list 1 of 12"),
        ({**CLICK, "type": "subscribe", "list": "0"}, "list  of 12"),
        (
            {**CLICK, "type": "unsubscribe", "list": {"0": {"id": "1"}}},
            "list 1 of 12",
        ),
        ({"type": "account_update", "account": {"id": "5"}}, "account 5"),
        ({"type": "update"}, ""),
        (CLICK, ""),
    ],
)
def test_what_a_later_event_outdates(payload, subject):
    assert WebhookEvent(payload).subject == subject


LEAVES = st.text(max_size=5) | st.none() | st.integers() | st.booleans()
TREES = st.recursive(
    LEAVES,
    lambda inner: st.dictionaries(
        st.sampled_from(
            ["type", "contact", "id", "campaign", "list", "date_time", "0"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)


@settings(database=None, deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(["type", "contact", "list", "link"]), TREES))
def test_whatever_somebody_sends_is_filed(payload):
    event = WebhookEvent(payload)
    assert len(event.type) <= 64 and len(event.contact_id) <= 32
    assert event.key(NOON) == WebhookEvent(json.loads(json.dumps(payload))).key(NOON)
    assert len(event.subject) < 100
