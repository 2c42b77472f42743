"""How what happens over there gets here: webhook, polling, reconciliation."""

import os

import pytest

from workbench.account import Account

PAGE = ".o_notebook_headers a"
NOTICE = ".o_notification"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account with a webhook and three contacts, one of them edited."""
    control = simulator_for_session.control
    control.reset()
    odoo_server.call(
        "ir.config_parameter", "set_param", "web.base.url", odoo_server.url
    )
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our ActiveCampaign")
    people = [{"name": n, "email": f"{n.lower()}@example.com"} for n in ("Ada", "Bob")]
    odoo_server.call("res.partner", "create", people)
    account.wait("they are there", lambda: len(account.links()) == 2)
    account.call("action_connect_webhook")
    control.act("open", email="ada@example.com")
    arrived = "SELECT 1 FROM ac_event WHERE type = 'open' AND state = 'done'"
    account.wait("the open is here", lambda: account.sql(arrived))
    return account


@pytest.fixture
def form(screen, odoo_server, account):
    """The account's form on the page *Pull*."""
    screen.goto(f"{odoo_server.url}/odoo/ac.odoo.config/{account.id}")
    screen.locator(PAGE, has_text="Pull").click()
    screen.get_by_text("Webhook: What Is Reported").wait_for()
    return screen


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/reach_{name}.png", full_page=True)


def press(page, label):
    page.locator(f"button:has-text('{label}'):visible").first.click()


def test_what_is_reported_and_when_it_came_last(form):
    form.set_viewport_size({"width": 1400, "height": 1500})
    look(form, "pull")
    press(form, "Last Arrivals")
    form.locator(".o_data_row", has_text="Never Arrived").first.wait_for()
    row = form.locator(".o_data_row", has_text="Arriving").first
    assert "open" in form.locator(".o_list_table").inner_text()
    assert row.is_visible()
    look(form, "arrivals")


def test_check_says_what_is_wrong_and_repair_mends_it(form, account):
    press(form, "Check")
    form.get_by_text("The webhook is as it should be.").wait_for()
    webhook = account.read("ac_webhook_id")
    with account.client() as client:
        client.webhooks.update(webhook, {"events": ["open"]})
    press(form, "Check")
    form.locator(".alert", has_text="it reports other events").wait_for()
    look(form, "problem")
    press(form, "Repair Webhook")
    form.get_by_text("ActiveCampaign will send its events.").first.wait_for()
    assert not account.read("webhook_problem")


def test_polling_shows_how_far_it_is(form, account):
    press(form, "Poll Now")
    passes = "SELECT count(*) FROM ac_poll_state WHERE full_pass_at IS NOT NULL"
    account.wait("all streams are asked", lambda: account.sql(passes) == [(3,)])
    form.get_by_text("What is new will be among the events").first.wait_for()
    press(form, "How Far It Is")
    form.locator(".o_data_row", has_text="Unsubscribes and Bounces").wait_for()
    look(form, "streams")
    form.locator(".o_data_row", has_text="Opens and Clicks").locator("td").nth(
        2
    ).click()
    form.get_by_text("This Pass").wait_for()
    look(form, "stream")


def test_reconciling_shows_what_was_found(form, account):
    account.write({"poll_mode": "off"})  # or polling may hear of it first
    control = account.simulator.control
    control.options(webhook_drop=1.0)
    control.act("edit", email="ada@example.com", lastName="King")
    control.options(webhook_drop=0.0)
    press(form, "Reconcile Now")
    form.wait_for_url("**/ac.reconciliation/*")
    done = "SELECT state FROM ac_reconciliation"
    account.wait("it is done", lambda: account.sql(done) == [("done",)])
    form.reload()
    form.get_by_text("Contact changed in ActiveCampaign: 1").wait_for()
    look(form, "reconciliation")
    form.locator("button[name=action_view_lines]").first.click()
    form.locator(".o_data_row", has_text="Taken in").wait_for()
    look(form, "differences")


def test_the_menus_open_lists(screen, odoo_server, account):
    for action in ("action_ac_reconciliation", "action_ac_poll_state"):
        screen.goto(f"{odoo_server.url}/odoo/action-ac_odoo_connector.{action}")
        screen.locator(".o_data_row").first.wait_for()
        look(screen, action)
