"""What people do in the account, from a button over there to the partner's timeline."""

import pytest
from both_sides import wait_until_idle

ACTIONS = {
    "open": ({}, "Opened the e-mail"),
    "click": ({"url": "https://example.com/offer"}, "https://example.com/offer"),
    "reply": ({"message": "Yes <b>please</b>"}, "Yes please"),
    "forward": ({}, "Forwarded the e-mail"),
    "share": ({"network": "facebook"}, "on facebook"),
    "bounce": ({"type": "soft"}, "could not be delivered for now"),
    "tag": ({"tag": "Fair"}, "Was tagged"),
    "untag": ({"tag": "Fair"}, "Lost the tag"),
    "note": ({"note": "Call her"}, "Call her"),
    "sms_sent": ({}, "Was sent an SMS"),
    "sms_reply": ({"reply": "YES"}, "YES"),
    "sms_unsub": ({}, "Wants no SMS any more"),
    "deal_add": ({"title": "Engine", "value": 123456}, "1,234.56 USD"),
    "task_add": ({"title": "Ask her", "note": "about engines"}, "Ask her"),
    "form": ({}, "Sent in a form"),
    "unsubscribe": ({"reason": "Too many"}, "Too many"),
}
"""Actions of the simulated account, and words of their notes."""


@pytest.fixture(scope="module")
def partner(account):
    """A linked partner; the account tells of everything that it can tell."""
    email = "everything@example.com"
    values = {"name": "Ada Everything", "email": email}
    partner_id = account.server.call("res.partner", "create", values)
    account.wait("the contact is there", lambda: email in account.links())
    account.call("action_connect_webhook")
    with account.client() as client:
        (webhook,) = client.webhooks.list()
        events = [*client.webhooks.events(), "contact_task_add"]
        client.webhooks.update(webhook["id"], {"events": events})
    wait_until_idle(account)
    return partner_id, email


def timeline(account, partner_id):
    """Return the texts of a partner's messages; nobody is notified of any."""
    messages = account.server.call(
        "mail.message",
        "search_read",
        [("model", "=", "res.partner"), ("res_id", "=", partner_id)],
        ["body", "notified_partner_ids"],
    )
    assert not any(message["notified_partner_ids"] for message in messages)
    return [message["body"] for message in messages]


def test_every_action_is_told_in_words(account, partner):
    partner_id, email = partner
    before = len(timeline(account, partner_id))
    for action, (values, _words) in ACTIONS.items():
        account.simulator.control.act(action, email=email, **values)
    account.simulator.control.deliveries()
    wait_until_idle(account)
    texts = timeline(account, partner_id)
    missing = [
        action
        for action, (_values, words) in ACTIONS.items()
        if not any(words in text for text in texts)
    ]
    assert missing == [], "\n".join(texts)
    assert len(texts) == before + len(ACTIONS), "\n".join(texts)


def test_partner_shows_how_warm_it_is(account, partner):
    partner_id, _email = partner
    (found,) = account.server.call(
        "res.partner",
        "read",
        [partner_id],
        ["ac_level", "ac_open_count", "ac_click_count", "ac_engagement_chart"],
    )
    assert found["ac_level"] == "left", "the last thing was to unsubscribe"
    assert (found["ac_open_count"], found["ac_click_count"]) == (1, 1)
    assert sum(sum(day[1:]) for day in found["ac_engagement_chart"]["days"]) == 6
