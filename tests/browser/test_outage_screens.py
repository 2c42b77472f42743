"""What people see while ActiveCampaign fails, and what it was asked."""

import os
import re

import pytest

from workbench.account import Account

BANNER = ".alert-danger:visible"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account that few failures pause, and some contacts."""
    simulator_for_session.control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our ActiveCampaign", breaker_minimum=5, poll_mode="off")
    names = [f"Person {number}" for number in range(1, 9)]
    people = [{"name": n, "email": f"p{i}@example.com"} for i, n in enumerate(names)]
    odoo_server.call("res.partner", "create", people)
    account.wait("they are there", lambda: len(account.links()) == len(people))
    return account


@pytest.fixture
def form(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/ac.odoo.config/{account.id}")
    screen.get_by_role("button", name="Test Connection").wait_for()
    return screen


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/outage_{name}.png", full_page=True)


def pause(account):
    """Have the account fail until it is paused, on an otherwise quiet morning."""
    account.sql("DELETE FROM ac_api_usage")
    account.simulator.control.faults({"kind": "status", "status": 503})
    account.server.call(
        "res.partner", "create", {"name": "E", "email": "e@example.com"}
    )
    paused = "SELECT 1 FROM ac_breaker WHERE state <> 'closed'"
    account.wait("it is paused", lambda: account.sql(paused), 120)


def test_paused_account_says_why_and_goes_on_at_a_click(form, account):
    assert not form.locator(BANNER).count()
    pause(account)
    form.reload()
    banner = form.locator(BANNER, has_text="Paused: nothing is sent")
    banner.wait_for()
    text = re.sub(r"\s+", " ", banner.inner_text())
    assert "requests failed within 5 minutes" in text
    assert "Next try:" in text
    look(form, "paused")
    form.locator("button:has-text('Try Now'):visible").click()
    form.locator(".o_error_dialog, .modal", has_text="503").first.wait_for()
    look(form, "still")
    form.keyboard.press("Escape")
    account.simulator.control.clear_faults()
    account.wait("its worker is done", lambda: not trying(account), 60)
    form.reload()
    form.locator("button:has-text('Try Now'):visible").click()
    form.get_by_text("What has waited is being sent.").first.wait_for()
    form.locator(BANNER).wait_for(state="detached")
    account.wait("she is there", lambda: "e@example.com" in account.links(), 60)


def trying(account):
    return account.sql("SELECT 1 FROM ac_breaker WHERE state = 'half_open'")


def test_settings_are_on_a_page_of_their_own(form):
    form.locator(".o_notebook_headers a", has_text="Outages").click()
    form.get_by_text("Pause When ActiveCampaign Fails").wait_for()
    look(form, "settings")
    form.locator("[name=breaker_threshold] input").fill("0")
    form.locator("button.o_form_button_save").click()
    form.get_by_text("must be between 1 and 100").wait_for()
    form.keyboard.press("Escape")
    form.locator("button.o_form_button_cancel").click()


def test_accounts_and_their_requests(screen, odoo_server, account):
    action = f"{odoo_server.url}/odoo/action-ac_odoo_connector"
    screen.goto(f"{action}.action_ac_odoo_config")
    screen.locator(".o_data_row", has_text="Flowing").wait_for()
    look(screen, "accounts")
    screen.goto(f"{odoo_server.url}/odoo/ac.odoo.config/{account.id}")
    usage = screen.locator("button[name=action_view_usage]")
    more = screen.locator(".o_button_more")
    more.or_(usage).first.wait_for()
    if not usage.count():  # as many buttons as the screen has room for
        more.click()
    usage.click()
    screen.locator(".o_data_row", has_text="contacts").first.wait_for()
    look(screen, "usage")
    for kind in ("graph", "pivot"):
        screen.locator(f"button.o_switch_view.o_{kind}").click()
        screen.locator(f".o_{kind}_view").wait_for()
        look(screen, kind)
