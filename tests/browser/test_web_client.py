"""An administrator's first ten minutes, and what a salesperson sees afterwards.

The tests build on each other, as the minutes do.
"""

import re

import lists
import pytest
from playwright.sync_api import expect

from workbench.account import Account

PEOPLE = 12
ACCOUNTS = "action-ac_odoo_connector.action_ac_odoo_config"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """The simulated account, not yet known to Odoo; partners, one without e-mail."""
    simulator_for_session.control.reset()
    values = [
        {"name": f"Ada Lovelace {n}", "email": f"ada{n}@example.com"}
        for n in range(PEOPLE)
    ]
    odoo_server.call("res.partner", "create", [*values, {"name": "Nobody Reachable"}])
    return Account(odoo_server, simulator_for_session)


def press(screen, text):
    """Press the button with exactly this text, in the form or its menu of actions."""
    button = screen.locator(".o_form_view button:visible")
    button.filter(has_text=re.compile(rf"^\s*{text}\s*$")).first.click()


def notified(screen, text):
    """Wait for a notification that contains a text, and close it."""
    notification = screen.locator(".o_notification", has_text=text).first
    notification.wait_for()
    shown = notification.inner_text()
    notification.locator(".o_notification_close").click()
    return shown


def new_account(screen, odoo_server, account, key):
    """Fill the form of a new account as a person does."""
    screen.goto(f"{odoo_server.url}/odoo/{ACCOUNTS}/new")
    screen.fill("div[name=name] input", "Our shop")
    screen.fill("div[name=ac_base_url] input", account.simulator.url)
    screen.fill("div[name=ac_api_key] input", key)


def test_the_app_opens_from_the_menu(screen, odoo_server):
    screen.goto(f"{odoo_server.url}/odoo")
    screen.click(".o_navbar_apps_menu button")
    screen.click(".o-dropdown--menu a:has-text('ActiveCampaign')")
    screen.wait_for_selector(".o_breadcrumb")
    expect(screen.locator(".o_error_dialog")).to_have_count(0)


def test_a_wrong_key_is_explained_and_kept_to_itself(screen, odoo_server, account):
    new_account(screen, odoo_server, account, "wrong-key")
    press(screen, "Test Connection")
    dialog = screen.locator(".modal-dialog")
    dialog.wait_for()
    shown = dialog.inner_text()
    assert "API key" in shown and "wrong-key" not in shown
    assert "Traceback" not in shown
    (config,) = odoo_server.call("ac.odoo.config", "search_read", [], ["state"])
    assert config["state"] == "draft"
    odoo_server.call("ac.odoo.config", "unlink", [config["id"]])


def test_an_account_is_connected_and_loaded(screen, odoo_server, account):
    new_account(screen, odoo_server, account, account.simulator.api_key)
    press(screen, "Test Connection")
    assert "Sim Admin" in notified(screen, "answers")
    press(screen, "Connect")
    screen.locator(".o_arrow_button_current", has_text="Connected").wait_for()
    press(screen, "Synchronise Everything")
    press(screen, "Next: Dry Run")
    press(screen, "Next: Trial of Ten")
    press(screen, "Skip the Trial")
    press(screen, "Start the Full Run")
    arrived = screen.locator(".o_arrow_button_current", has_text="Result")
    arrived.wait_for(timeout=60_000)
    contacts = account.simulator.control.state("contacts")["contacts"].values()
    people = {f"ada{n}@example.com" for n in range(PEOPLE)}
    assert people <= {contact["email"] for contact in contacts}


def test_the_key_is_not_shown_again(screen, odoo_server, account):
    (id_,) = odoo_server.call("ac.odoo.config", "search", [])
    screen.goto(f"{odoo_server.url}/odoo/{ACCOUNTS}/{id_}")
    screen.locator(".o_form_view div[name=ac_api_key]").wait_for()
    assert account.simulator.api_key not in screen.content()


def test_a_partner_shows_its_state(screen, odoo_server, account):
    partner = find(odoo_server, "ada3@example.com")
    open_partner(screen, odoo_server, partner)
    screen.locator(".o_field_widget[name=ac_binding_ids] .badge").first.wait_for()
    links = screen.locator(".o_field_widget[name=ac_binding_ids]").inner_text()
    assert "Synchronised" in links and "Our shop" in links
    press(screen, "Sync Now")
    notified(screen, "will be sent")


def test_a_saved_change_arrives(screen, odoo_server, account):
    open_partner(screen, odoo_server, find(odoo_server, "ada4@example.com"))
    screen.fill(".o_form_view div[name=phone] input >> nth=0", "+1 555 0104")
    screen.click(".o_form_button_save")
    screen.locator(".o_form_button_save:visible").wait_for(state="detached")

    def phones():
        contacts = account.simulator.control.state("contacts")["contacts"].values()
        return {contact["email"]: contact["phone"] for contact in contacts}

    account.wait("the phone is there", lambda: phones()["ada4@example.com"])
    assert phones()["ada4@example.com"].replace(" ", "") == "+15550104"


def find(odoo_server, email):
    (id_,) = odoo_server.call("res.partner", "search", [("email", "=", email)])
    return id_


def open_partner(screen, odoo_server, id_):
    """Open a partner's form on its page ActiveCampaign."""
    screen.goto(f"{odoo_server.url}/odoo/contacts/{id_}")
    screen.locator(".o_notebook_headers a", has_text="ActiveCampaign").click()


@pytest.mark.parametrize(
    ("label", "listed", "hidden"),
    [
        ("Synchronised", "Ada Lovelace 7", "Nobody"),
        ("Skipped", "Nobody", "Ada Lovelace 7"),
    ],
)
def test_partners_are_found_by_state(screen, odoo_server, label, listed, hidden):
    address = f"{odoo_server.url}/odoo/contacts?view_type=list"
    lists.check_filter(screen, address, label, listed, hidden)


@pytest.mark.parametrize(
    "action",
    ["binding", "sync_run", "event", "error_log", "odoo_config", "field_mapping"]
    + ["metadata"],
)
def test_every_screen_opens(screen, odoo_server, action):
    screen.goto(f"{odoo_server.url}/odoo/action-ac_odoo_connector.action_ac_{action}")
    screen.locator(".o_list_view").wait_for()
    rows = screen.locator(".o_data_row")
    if rows.count():
        rows.first.locator(".o_data_cell").nth(1).click()
        screen.locator(".o_form_view, .o_selected_row").first.wait_for()
    expect(screen.locator(".o_error_dialog")).to_have_count(0)
