"""The events as a list and as a form, and what the account says of letting them in."""

import os

import pytest
from playwright.sync_api import expect

from workbench.account import Account

ACTION = "action-ac_odoo_connector.action_ac"
STORE = """
INSERT INTO ac_event (config_id, type, source, remote_contact_id, occurred_at, payload,
    payload_dropped, key, state, tries, message, next_try_at, create_date)
SELECT %s, kind, 'webhook', '12', now() AT TIME ZONE 'UTC',
    '{"campaign": {"name": "Spring"}}', state = 'ignored', state, state, tries, said,
    CASE WHEN state = 'failed' THEN now() AT TIME ZONE 'UTC' + INTERVAL '4 minutes' END,
    now() AT TIME ZONE 'UTC'
FROM (VALUES ('open', 'done', 0, NULL), ('update', 'failed', 2, 'The database was busy'),
    ('update', 'dead', 5, 'The name is too long'), ('click', 'waiting', 0, NULL),
    ('moon_landing', 'ignored', 0, 'An unknown kind of event: kept, not applied.'))
    AS v(kind, state, tries, said)
"""


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account with an event in each state."""
    simulator_for_session.control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our shop")
    account.sql(STORE, (account.id,))
    return account


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/event_{name}.png")


def open_list(screen, odoo_server):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_event")
    screen.locator(".o_data_row").first.wait_for()


def open_event(screen, odoo_server, state):
    """Open the form of the event in a state; return it."""
    domain = [("state", "=", state)]
    (id_,) = odoo_server.call("ac.event", "search", domain)
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_event/{id_}")
    form = screen.locator(".o_form_view")
    form.locator("h1", has_text="").first.wait_for()
    return form


def test_the_list_tells_every_state(screen, odoo_server, account):
    open_list(screen, odoo_server)
    shown = screen.locator(".o_list_table").inner_text()
    for state in (
        *("Applied", "Tried Again Later", "Failed", "Waiting For Its Partner"),
        "Nothing To Do",
    ):
        assert state in shown
    assert "Opened the e-mail Spring" in shown
    look(screen, "list")


def test_failed_events_are_a_filter(screen, odoo_server, account):
    open_list(screen, odoo_server)
    screen.locator(".o_searchview_dropdown_toggler").click()
    screen.locator(".o_filter_menu").get_by_text("Failed", exact=True).click()
    screen.locator(".o_facet_value", has_text="Failed").wait_for()
    expect(screen.locator(".o_data_row")).to_have_count(2)
    screen.locator(".o_filter_menu").get_by_text("Received Today", exact=True).click()
    screen.locator(".o_facet_value", has_text="Received Today").wait_for()
    expect(screen.locator(".o_data_row")).to_have_count(2)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("dead", ["Not applied. Mend the cause", "The name is too long", "Spring"]),
        ("failed", ["Tried again at", "The database was busy", "Webhook"]),
        ("ignored", ["The content was dropped", "An unknown kind of event"]),
    ],
)
def test_a_form_says_what_happened(screen, odoo_server, account, state, words):
    form = open_event(screen, odoo_server, state)
    form.get_by_text(words[0]).first.wait_for()
    shown = form.inner_text()
    assert all(word in shown or form.get_by_text(word).count() for word in words)
    replay = screen.get_by_role("button", name="Replay")
    expect(replay).to_have_count(int(state != "ignored"))
    look(screen, state)


def test_the_account_says_what_is_let_in(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_odoo_config/{account.id}")
    screen.locator(".o_notebook_headers a", has_text="Pull").click()
    group = screen.locator(".o_inner_group", has_text="Allowed Networks")
    group.wait_for()
    group.scroll_into_view_if_needed()
    look(screen, "guard")
    screen.get_by_role("button", name="New Webhook Token").click()
    screen.locator(".modal").get_by_role("button", name="Ok").click()
    screen.locator(".o_notification", has_text="New Token").wait_for()
    screen.get_by_role("button", name="Stop the Old Token Now").wait_for()
    screen.get_by_role("button", name="Show the Address").click()
    said = screen.locator(".o_notification", has_text="Keep It Secret")
    assert "/ac/webhook/any?token=" in said.inner_text()
    look(screen, "address")
    screen.locator(".o_notebook_headers a", has_text="Connection").click()
    expect(screen.get_by_role("button", name="Replay Failed Events")).to_have_count(1)


def test_replay_says_what_it_does(screen, odoo_server, account):
    """The last one: it changes the state of an event."""
    open_event(screen, odoo_server, "dead")
    screen.get_by_role("button", name="Replay").click()
    said = screen.locator(".o_notification", has_text="1 event(s)")
    said.wait_for()
    assert "in the background" in said.inner_text()
    screen.get_by_text("Not applied. Mend the cause").wait_for(state="hidden")
