"""Automations, webhooks, people, scores and tracking."""

import inspect
from pathlib import Path

import pytest

from activecampaign import Duplicate, Rejected, resources

pytest_plugins = ["client_support"]


#: Account and key of the simulator's tracking service.
TRACKING = ("1", "simulator-event-key")


def test_every_method_has_a_test():
    tests = sorted(Path(__file__).parent.glob("test_client_*.py"))
    source = "".join(path.read_text() for path in tests)
    for name, resource in resources.ALL.items():
        for method, _ in inspect.getmembers(resource, inspect.isfunction):
            if not method.startswith("_") and method != "item":
                assert f"client.{name}.{method}(" in source


def test_automations(client, account, ada):
    automation = next(client.automations.list())
    assert client.automations.get(automation["id"]).record == automation
    entry = client.contact_automations.create(
        {"contact": ada, "automation": automation["id"]}
    )
    assert entry.created
    assert str(client.contact_automations.get(entry.id).record["contact"]) == ada
    found = [record["id"] for record in client.contact_automations.list()]
    assert found == [entry.id]
    client.contact_automations.delete(entry.id)
    assert account.state()["counts"]["contactAutomations"] == 0


def test_webhooks(client, account):
    values = {"name": "Odoo", "url": "http://127.0.0.1:9/ac", "events": ["subscribe"]}
    webhook = client.webhooks.create(values).id
    client.webhooks.update(webhook, values | {"events": ["subscribe", "open"]})
    assert client.webhooks.get(webhook).record["events"] == ["subscribe", "open"]
    assert [record["id"] for record in client.webhooks.list()] == [webhook]
    assert "unsubscribe" in list(client.webhooks.events())
    assert account.state()["webhooks"][webhook]["events"] == ["subscribe", "open"]
    client.webhooks.delete(webhook)
    assert account.state()["counts"]["webhooks"] == 0


def test_people(client):
    me = client.users.me()
    assert me.record["username"] == "admin"
    assert client.users.get(me.id).record["email"] == me.record["email"]
    assert [user["id"] for user in client.users.list()] == [me.id]
    assert client.account.settings().data


def test_groups_with_their_users(client):
    me = client.users.me()
    admins, sellers = client.groups.list()
    assert (admins["users"], sellers["users"]) == ([me.id], [])
    assert client.groups.get(admins["id"]).record["title"] == "Admin"
    client.request("PUT", f"/users/{me.id}", {"user": {"group": sellers["id"]}})
    assert [group["users"] for group in client.groups.list()] == [[], [me.id]]


def test_groups_of_which_nobody_tells_who_is_in_them(client, account):
    account.reset(user_groups_told=False)
    account.limits(enabled=False)
    assert ["users" in group for group in client.groups.list()] == [False, False]


def test_scores_activities_and_campaigns(client, ada):
    score = next(client.scores.list())
    assert client.scores.get(score["id"]).record["name"] == score["name"]
    assert all(value["contact"] == ada for value in client.scores.of_contact(ada))
    assert all(client.activities.list(contact=ada))
    assert all(client.activities.emails(filters={"subscriberid": ada}))
    campaign = next(client.campaigns.list())
    assert client.campaigns.get(campaign["id"]).record["name"] == campaign["name"]
    assert all(client.campaigns.links(campaign["id"]))


def test_event_tracking(client, account, ada):
    client.event_tracking.enable()
    assert client.event_tracking.status() is True
    client.event_tracking.create({"name": "order done é"})
    names = [event["name"] for event in client.event_tracking.list()]
    assert "order done é" in names
    client.event_tracking.track(*TRACKING, "order done é", "ada@example.com")
    logs = list(client.contacts.related(ada, "trackingLogs"))
    assert [log["type"] for log in logs] == ["order done é"]
    client.event_tracking.delete("order done é")
    assert "order done é" not in [e["name"] for e in client.event_tracking.list()]
    client.event_tracking.enable(False)
    assert client.event_tracking.status() is False
    with pytest.raises(ValueError):
        client.event_tracking.track(*TRACKING, "x" * 33, "ada@example.com")
    with pytest.raises(Rejected):
        client.event_tracking.track("1", "guess", "order done é", "ada@example.com")


def test_site_tracking(client, account):
    client.site_tracking.enable()
    assert client.site_tracking.status() is True
    client.site_tracking.add_domain("example.com")
    with pytest.raises(Duplicate):
        client.site_tracking.add_domain("example.com")
    (domain,) = client.site_tracking.domains()
    assert domain["attributes"]["whitelisted_domain"] == "example.com"
    client.site_tracking.remove_domain(domain["id"])
    assert list(client.site_tracking.domains()) == []
