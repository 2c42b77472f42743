"""An administrator's first ten minutes, and what a salesperson sees afterwards."""

import pytest
from test_web_client import log_in

from workbench.account import Account


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """The simulated account, not yet known to Odoo, and twelve partners."""
    simulator_for_session.control.reset()
    odoo_server.call(
        "res.partner",
        "create",
        [
            {"name": f"Ada Lovelace {n}", "email": f"ada{n}@example.com"}
            for n in range(12)
        ],
    )
    return Account(odoo_server, simulator_for_session)


@pytest.fixture
def screen(page, odoo_server):
    """A page where the administrator is logged in; fails on any script error."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    log_in(page, odoo_server.url)
    yield page
    assert errors == []


def press(screen, text):
    screen.click(f".o_form_view button:has-text('{text}')")


def notified(screen):
    notification = screen.wait_for_selector(".o_notification")
    return notification.inner_text()


def test_wrong_key_is_explained(screen, odoo_server, account):
    new_account(screen, odoo_server, account, "wrong-key")
    press(screen, "Test Connection")
    dialog = screen.wait_for_selector(".modal-dialog")
    assert "API key" in dialog.inner_text()


def test_account_is_connected_and_loaded(screen, odoo_server, account):
    new_account(screen, odoo_server, account, account.simulator.api_key)
    press(screen, "Test Connection")
    assert "answers" in notified(screen)
    press(screen, "Connect")
    screen.wait_for_selector(".o_statusbar_status :text('Connected')")
    press(screen, "Synchronise Everything")
    screen.wait_for_selector(".o_breadcrumb :text('Everything of')")
    for _look in range(60):
        if screen.locator(".o_arrow_button_current:has-text('Done')").count():
            break
        screen.wait_for_timeout(500)
        screen.reload()
        screen.wait_for_selector(".o_form_view")
    assert screen.locator(".o_arrow_button_current").inner_text() == "Done"
    contacts = account.simulator.control.state()["contacts"].values()
    assert {f"ada{n}@example.com" for n in range(12)} <= {c["email"] for c in contacts}


def test_partner_shows_its_state(screen, odoo_server):
    (id_,) = odoo_server.call(
        "res.partner", "search", [("email", "=", "ada3@example.com")]
    )
    screen.goto(f"{odoo_server.url}/odoo/contacts/{id_}")
    screen.click(".o_notebook_headers a:has-text('ActiveCampaign')")
    screen.wait_for_selector(
        ".o_field_widget[name=ac_binding_ids] :text('Synchronised')"
    )
    press(screen, "Sync Now")
    assert "will be sent" in notified(screen)


def new_account(screen, odoo_server, account, key):
    """Fill the form of a new account as a person does."""
    screen.goto(
        f"{odoo_server.url}/odoo/action-ac_odoo_connector.action_ac_odoo_config/new"
    )
    screen.fill("div[name=name] input", f"Shop with {key}")
    screen.fill("div[name=ac_base_url] input", account.simulator.url)
    screen.fill("div[name=ac_api_key] input", key)
