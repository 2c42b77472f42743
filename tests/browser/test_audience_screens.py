"""A manager makes an audience rule by clicking and sees who it means."""

import os
import re

import pytest
from playwright.sync_api import expect

from workbench.account import Account

RULES = "action-ac_odoo_connector.action_ac_audience_rule"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account whose scope holds three gold and two other partners."""
    simulator_for_session.control.reset()
    values = [
        {
            "name": f"Grace Hopper {n}",
            "email": f"grace{n}@example.com",
            "ref": "gold" if n < 3 else "iron",
        }
        for n in range(5)
    ]
    odoo_server.call("res.partner", "create", values)
    account = Account(odoo_server, simulator_for_session)
    account.connect(
        name="Our shop", partner_domain="[('email', '=like', 'grace%@example.com')]"
    )
    cron = odoo_server.call("ir.cron", "search", [("cron_name", "ilike", "audience")])
    odoo_server.call("ir.cron", "write", cron, {"active": False})  # we press the button
    return account


@pytest.fixture
def developer_mode(screen, odoo_server):
    """A filter can be typed as text: what is typed into the rows of Odoo's editor can be
    lost, because it draws them anew a moment after each change."""
    yield "?debug=1"
    screen.goto(f"{odoo_server.url}/odoo?debug=0")


def press(screen, text):
    button = screen.locator(".o_form_view button:visible")
    button.filter(has_text=re.compile(rf"^\s*{text}\s*$")).first.click()


def tab(screen, text):
    screen.locator(".o_notebook_headers a", has_text=text).click()


def preview(screen):
    """Return the sentence about who matches, in one line."""
    shown = screen.locator("p[name=sentence]")
    return " ".join(shown.inner_text().split())


def until_previewed(screen, start):
    """Wait until the preview, which follows the filter, begins so."""
    begins = re.compile(r"^\s*" + re.escape(start))
    expect(screen.locator("p[name=sentence]")).to_have_text(begins)


def photograph(screen, name):
    """Keep a picture for people where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        screen.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_empty_list_says_what_a_rule_is(screen, odoo_server):
    screen.goto(f"{odoo_server.url}/odoo/{RULES}")
    screen.locator(".o_view_nocontent", has_text="customers in Belgium").wait_for()
    photograph(screen, "rules-empty")


def test_a_rule_is_made_and_previewed_before_it_is_saved(
    screen, odoo_server, developer_mode
):
    screen.goto(f"{odoo_server.url}/odoo/{RULES}/new{developer_mode}")
    screen.fill("div[name=name] input", "Gold customers")
    tab(screen, "Preview")
    until_previewed(screen, "5 active")
    filter_by(screen, "gold", "3 active")
    assert "3 would enter, 0 would leave" in preview(screen)
    rows = screen.locator("div[name=entering_ids] .o_data_row")
    expect(rows).to_have_count(3)
    assert "Grace Hopper 0" in rows.first.inner_text()
    photograph(screen, "rule-preview")
    assert odoo_server.call("ac.audience.rule", "search_count", []) == 0
    tab(screen, "While Inside")
    screen.fill("div[name=enter_tags] input", "Gold, VIP")
    choose(screen, "enter_automation_id", "Welcome")
    photograph(screen, "rule-inside")
    screen.click(".o_form_button_save")
    screen.locator(".o_form_saved, .o_form_button_save:not(:visible)").first.wait_for(
        state="attached"
    )
    screen.locator("button[name=action_view_members]").wait_for()


def filter_by(screen, ref, start):
    """Filter by *Reference = ref* until the preview begins with `start`."""
    code = screen.locator(
        "div[name=domain] .o_domain_selector_debug_container textarea"
    )
    code.fill(f'[("ref", "=", "{ref}")]')
    code.press("Tab")
    until_previewed(screen, start)


def choose(screen, field, text):
    screen.click(f"div[name={field}] input")
    screen.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def test_evaluate_now_fills_the_rule(screen, odoo_server):
    open_rule(screen, odoo_server)
    press(screen, "Evaluate Now")
    screen.locator(".o_notification", has_text="3 entered, 0 left").wait_for()
    members = screen.locator("button[name=action_view_members]")
    members.locator(".o_stat_value", has_text="3").wait_for()
    photograph(screen, "rule-evaluated")
    members.click()
    screen.locator(".o_breadcrumb", has_text="Audience Members").wait_for()
    screen.locator(".o_data_row").nth(2).wait_for()
    expect(screen.locator(".o_data_row")).to_have_count(3)
    photograph(screen, "rule-members")


def open_rule(screen, odoo_server, mode=""):
    (id_,) = odoo_server.call("ac.audience.rule", "search", [])
    screen.goto(f"{odoo_server.url}/odoo/{RULES}/{id_}{mode}")
    screen.locator(".o_form_view button[name=action_evaluate]").wait_for()


def test_a_change_shows_who_would_enter_and_leave(screen, odoo_server, developer_mode):
    open_rule(screen, odoo_server, developer_mode)
    tab(screen, "Preview")
    until_previewed(screen, "3 active")
    filter_by(screen, "iron", "2 active")
    assert "2 would enter, 3 would leave" in preview(screen)
    expect(screen.locator("div[name=leaving_ids] .o_data_row")).to_have_count(3)
    photograph(screen, "rule-change")
    screen.click(".o_form_button_cancel")
    until_previewed(screen, "3 active")


def test_the_matching_partners_are_listed(screen, odoo_server):
    open_rule(screen, odoo_server)
    screen.click("button[name=action_view_matching]")
    screen.locator(".o_breadcrumb", has_text="Match Now: Gold customers").wait_for()
    screen.locator(".o_data_row").nth(2).wait_for()
    expect(screen.locator(".o_data_row")).to_have_count(3)


def test_a_partner_shows_its_audiences(screen, odoo_server):
    (id_,) = odoo_server.call(
        "res.partner", "search", [("email", "=", "grace0@example.com")]
    )
    screen.goto(f"{odoo_server.url}/odoo/contacts/{id_}")
    tab(screen, "ActiveCampaign")
    row = screen.locator("div[name=ac_audience_member_ids] .o_data_row")
    row.wait_for()
    assert "Gold customers" in row.inner_text()
    photograph(screen, "rule-partner")


def test_the_list_shows_the_rules(screen, odoo_server):
    screen.goto(f"{odoo_server.url}/odoo/{RULES}")
    screen.locator(".o_data_row", has_text="Gold customers").wait_for()
    photograph(screen, "rules-list")
