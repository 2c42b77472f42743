"""Consent by clicking: partner form, account, sign-up page and portal.

The tests build on each other.
"""

import os
import re

import pytest

from workbench.account import Account

WORDS = "Yes, send me news by e-mail."
CONSENTS = "action-ac_odoo_connector.action_ac_consent"
ACCOUNTS = "action-ac_odoo_connector.action_ac_odoo_config"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account with a list and words for the checkbox; three partners."""
    simulator_for_session.control.reset()
    people = [
        {"name": f"Grace {n}", "email": f"grace{n}@example.com"} for n in range(3)
    ]
    odoo_server.call("res.partner", "create", people)
    account = Account(odoo_server, simulator_for_session)
    account.connect(
        name="Our shop",
        consent_text=WORDS,
        partner_domain="[('email', '=like', 'grace%@example.com')]",
    )
    # anybody may sign up on the website
    (website,) = odoo_server.call("website", "search", [], limit=1)
    odoo_server.call("website", "write", [website], {"auth_signup_uninvited": "b2c"})
    return account


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.screenshot(path=f"{folder}/consent_{name}.png")


def press(screen, text, within=".o_form_view"):
    """Press the button with exactly this text."""
    button = screen.locator(f"{within} button:visible")
    button.filter(has_text=re.compile(rf"^\s*{text}\s*$")).first.click()


def consents(odoo_server, email):
    """Return `(state, source, words)` of an address, the newest first."""
    rows = odoo_server.call(
        "ac.consent",
        "search_read",
        [("email", "=", email)],
        ["state", "source", "text"],
        order="id desc",
    )
    return [(row["state"], row["source"], row["text"]) for row in rows]


def open_partner(screen, odoo_server, email):
    (id_,) = odoo_server.call("res.partner", "search", [("email", "=", email)])
    screen.goto(f"{odoo_server.url}/odoo/contacts/{id_}")
    screen.locator(".o_notebook_headers a", has_text="ActiveCampaign").click()
    screen.locator("[name=ac_consent]").wait_for()


def test_consent_is_recorded_and_withdrawn_on_the_partner(screen, odoo_server):
    open_partner(screen, odoo_server, "grace0@example.com")
    assert "No consent recorded" in screen.locator("[name=ac_consent]").inner_text()
    press(screen, "Record Consent")
    dialog = screen.locator(".modal-dialog")
    dialog.locator("div[name=text] textarea").wait_for()
    assert dialog.locator("div[name=text] textarea").input_value() == WORDS
    dialog.locator("div[name=source]").get_by_text("Phone").click()
    look(screen, "wizard")
    dialog.locator("button[name=action_record]").click()
    dialog.wait_for(state="detached")
    screen.locator(".o_notebook_headers a", has_text="ActiveCampaign").click()
    granted = screen.locator("[name=ac_consent] .badge", has_text="Granted")
    granted.wait_for()
    look(screen, "partner")
    found = consents(odoo_server, "grace0@example.com")
    assert found == [("granted", "phone", WORDS)]
    press(screen, "Withdraw")
    dialog.locator("button[name=action_record]").click()
    dialog.wait_for(state="detached")
    screen.locator(".o_notebook_headers a", has_text="ActiveCampaign").click()
    screen.locator("[name=ac_consent] .badge", has_text="Withdrawn").wait_for()
    press(screen, "History")
    screen.locator(".o_list_view .o_data_row").nth(1).wait_for()


def test_log_is_listed_and_cannot_be_edited(screen, odoo_server):
    screen.goto(f"{odoo_server.url}/odoo/{CONSENTS}")
    screen.locator(".o_data_row").first.wait_for()
    look(screen, "log")
    screen.locator(".o_data_row .o_data_cell").nth(1).click()
    screen.locator(".o_form_view .o_form_readonly").wait_for()


def test_list_changes_are_previewed_and_sent(screen, odoo_server, account):
    (partner,) = odoo_server.call(
        "res.partner", "search", [("email", "=", "grace1@example.com")]
    )
    entry = {"partner_id": partner, "state": "granted", "source": "paper"}
    odoo_server.call("ac.consent", "create", [entry])
    final = {"synced", "skipped"}
    account.wait("nothing is under way", lambda: set(account.states()) <= final)
    lists = odoo_server.call("ac.metadata", "search", [("kind", "=", "list")], limit=1)
    account_fields = {"list_ids": [(6, 0, lists)]}
    odoo_server.call("ac.odoo.config", "write", [account.id], account_fields)
    screen.goto(f"{odoo_server.url}/odoo/{ACCOUNTS}/{account.id}")
    screen.locator(".o_notebook_headers a", has_text="Lists and Consent").click()
    screen.locator("div[name=list_ids] .o_tag").wait_for()
    look(screen, "account")
    press(screen, "Preview List Changes")
    row = screen.locator(".modal-dialog .o_data_row")
    row.wait_for()
    look(screen, "preview")
    cells = [
        row.locator(f"[name={name}]").inner_text().strip()
        for name in ("subscribe", "unsubscribe", "unchanged", "names")
    ]
    assert cells[:3] == ["1", "1", "1"]
    assert "Grace 0" in cells[3] and "Grace 1" in cells[3]
    press(screen, "Send These People", within=".modal-dialog")
    screen.locator(".modal-dialog button", has_text="Ok").last.click()
    screen.locator(".o_notification", has_text="2 people will be sent").wait_for()


def test_visitor_signs_up_with_and_without_a_tick(visitor, odoo_server):
    sign_up(visitor, odoo_server, "grace8", tick=True)
    assert consents(odoo_server, "grace8@example.com") == [
        ("granted", "website", WORDS)
    ]
    visitor.context.clear_cookies()
    sign_up(visitor, odoo_server, "grace9", tick=False)
    assert consents(odoo_server, "grace9@example.com") == []


def sign_up(page, odoo_server, name, tick):
    page.goto(f"{odoo_server.url}/web/signup")
    box = page.locator("input[name=ac_consent]")
    box.wait_for()
    assert not box.is_checked(), "nobody agrees by doing nothing"
    page.fill("input[name=name]", name.title())
    page.fill("input[name=login]", f"{name}@example.com")
    page.fill("input[name=password]", f"secret-{name}")
    page.fill("input[name=confirm_password]", f"secret-{name}")
    if tick:
        box.check()
    look(page, "signup")
    page.click(".oe_signup_form button[type=submit]")
    page.wait_for_url(re.compile("/my|/web/login_successful"))


def test_customer_changes_their_mind_in_the_portal(visitor, odoo_server):
    visitor.goto(f"{odoo_server.url}/web/login")
    visitor.fill("input[name=login]", "grace8@example.com")
    visitor.fill("input[name=password]", "secret-grace8")
    visitor.click("button[type=submit]:has-text('Log in')")
    visitor.wait_for_url(re.compile("/my"))
    visitor.goto(f"{odoo_server.url}/my/account")
    assert visitor.locator("#ac_consent_box").is_checked()
    save_choice(visitor)
    assert len(consents(odoo_server, "grace8@example.com")) == 1, "nothing new was said"
    visitor.locator("#ac_consent_box").uncheck()
    save_choice(visitor)
    look(visitor, "portal")
    assert not visitor.locator("#ac_consent_box").is_checked()
    assert consents(odoo_server, "grace8@example.com")[0][:2] == (
        "withdrawn",
        "portal",
    )


def save_choice(page):
    page.click("#ac_consent button[type=submit]")
    page.locator("#ac_consent .alert-success").wait_for()
