"""What the API tells, spelled as a webhook: keys of captured deliveries, text values."""

from activecampaign import deal_value, webhook_timestamp
from mapping import event

CONTACT = {
    "id": 7,
    "email": "ada@example.com",
    "firstName": "Ada",
    "lastName": None,
    "phone": "",
    "udate": "2026-07-17T22:01:25-05:00",
}
DEAL = {
    "id": "2",
    "title": "deal5",
    "contact": "10",
    "group": "1",
    "stage": "3",
    "status": 1,
    "owner": "1",
    "value": "1187050",
    "currency": "usd",
    "mdate": "2017-11-24T08:50:26-06:00",
}


def all_text(node):
    if isinstance(node, dict):
        return all(isinstance(k, str) and all_text(v) for k, v in node.items())
    return isinstance(node, str)


def test_a_known_contact_is_an_update():
    said = event.of_contact(CONTACT, known=True)
    assert said["type"] == "update"
    assert said["contact"]["first_name"] == "Ada"
    assert said["contact"]["last_name"] == ""
    assert webhook_timestamp(said["date_time"]).hour == 3
    assert all_text(said)


def test_a_new_contact_is_a_subscribe_without_a_list():
    said = event.of_contact(CONTACT, known=False)
    assert (said["type"], said["list"]) == ("subscribe", "0")


def test_leaving_a_list_has_its_reason():
    row = {"list": 3, "status": "2", "udate": CONTACT["udate"], "unsubreason": "No"}
    said = event.of_membership(CONTACT, row)
    assert (said["type"], said["list"]) == ("unsubscribe", "3")
    assert said["unsubscribe"] == {"reason": "No"}
    assert all_text(said)


def test_joining_a_list():
    row = {"list": "3", "status": 1, "sdate": CONTACT["udate"]}
    said = event.of_membership(CONTACT, row)
    assert (said["type"], said["date_time"]) == ("subscribe", CONTACT["udate"])
    assert "unsubscribe" not in said


def test_a_bounce_of_a_subscription_is_hard():
    said = event.of_bounce({**CONTACT, "bounced_date": "2026-07-18"})
    assert said["bounce"] == {"type": "hard"}
    assert (
        webhook_timestamp(said["date_time"]).isoformat() == "2026-07-18T00:00:00+00:00"
    )


def test_a_deal_has_its_value_in_units():
    names = {("pipeline", "1"): "Sales", ("stage", "3"): "Won over"}
    said = event.of_deal(DEAL, names)
    assert str(deal_value(said["deal"])) == "11870.50"
    assert said["deal"]["pipeline_title"] == "Sales"
    assert said["deal"]["stage_title"] == "Won over"
    assert all_text(said)


def test_units():
    cases = {"100": "1.00", 5: "0.05", "-150": "-1.50", None: "", "x": "", 0: "0.00"}
    assert {cents: event.units(cents) for cents in cases} == cases


def test_only_engagement_is_an_event_of_its_own():
    row = {"id": "9", "tstamp": CONTACT["udate"], "reference_action": "open"}
    campaigns = {"4": {"id": "4", "name": "Spring"}}
    said = event.of_activity({**row, "campaign": "4"}, "7", campaigns)
    assert said["type"] == "open"
    assert said["campaign"]["message"] == {"subject": "Spring"}
    assert all_text(said)
    assert event.of_activity({**row, "reference_action": "add"}, "7", {}) is None
