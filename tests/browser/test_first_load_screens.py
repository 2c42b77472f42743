"""The first load by clicking: scope, dry run, trial of ten, full run, result."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from workbench.account import Account

PEOPLE = 30
# Where to leave pictures of every step, for people; none unless asked for.
PICTURES = os.environ.get("AC_PICTURES")


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account; partners of all kinds, one of them known over there."""
    control = simulator_for_session.control
    control.clear_faults()
    control.reset()
    account = Account(odoo_server, simulator_for_session)
    people = [
        {
            "name": f"Ada Lovelace {n}",
            "email": f"ada{n}@example.com",
            "phone": f"+1 {n}",
        }
        for n in range(PEOPLE)
    ]
    refused = [{"name": "Nora O'Brien", "email": "o'brien@example.com"}]
    skipped = [{"name": "Nobody Reachable"}, {"name": "Typo", "email": "typo@"}]
    odoo_server.call("res.partner", "create", [*people, *refused, *skipped])
    account.connect(name="Our shop")
    return account


@pytest.fixture
def wizard(screen, odoo_server, account):
    """The first load where it was left, as an administrator."""
    action = "action-ac_odoo_connector.action_ac_odoo_config"
    screen.goto(f"{odoo_server.url}/odoo/{action}/{account.id}")
    press(screen, "Synchronise Everything")
    screen.locator(".o_breadcrumb", has_text="First Load of Our shop").wait_for()
    return screen


def press(screen, text):
    """Press the button with exactly this text."""
    buttons = screen.locator(".o_form_view button:visible")
    buttons.filter(has_text=re.compile(rf"^\s*{text}\s*$")).first.click()


def arrive(screen, step):
    """Wait until the status bar shows a step."""
    screen.locator(".o_arrow_button_current", has_text=step).wait_for()


def picture(screen, name):
    """Leave a picture of the screen where somebody asked for it."""
    if PICTURES:
        screen.wait_for_timeout(400)
        screen.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def value(screen, name):
    """Return the text of a field."""
    field = screen.locator(f".o_field_widget[name={name}]:visible").first
    field.wait_for()
    return field.inner_text().strip()


def test_the_scope_is_shown_and_counted(wizard):
    arrive(wizard, "Scope")
    assert int(value(wizard, "scope_count")) >= PEOPLE + 3
    picture(wizard, "1-scope")


def test_the_dry_run_counts_and_opens_partners(wizard, account):
    press(wizard, "Next: Dry Run")
    arrive(wizard, "Dry Run")
    lines = wizard.locator(".o_field_widget[name=line_ids] .o_data_row")
    lines.first.wait_for(timeout=60_000)
    picture(wizard, "2-dry-run")
    contacts = account.simulator.control.state("contacts")["contacts"]
    assert contacts == {}
    lines.filter(has_text="Malformed e-mail").locator("button").click()
    wizard.locator(".o_list_view .o_data_row", has_text="Typo").wait_for()
    expect(wizard.locator(".o_list_view .o_data_row")).to_have_count(1)
    picture(wizard, "3-malformed")


def test_ten_are_tried_and_shown_side_by_side(wizard, account):
    press(wizard, "Next: Trial of Ten")
    arrive(wizard, "Trial of Ten")
    rows = wizard.locator(".o_field_widget[name=trial_partner_ids] .o_data_row")
    rows.first.wait_for()
    picture(wizard, "4-trial-choice")
    press(wizard, "Send the Trial")
    values = wizard.locator(".o_field_widget[name=value_ids] .o_data_row")
    values.first.wait_for(timeout=60_000)
    picture(wizard, "5-trial-result")
    contacts = account.simulator.control.state("contacts")["contacts"]
    assert len(contacts) == 10
    expect(values.filter(has_text="ada0@example.com")).to_have_count(1)


def test_the_full_run_shows_its_progress_and_its_result(wizard):
    press(wizard, "Next: Full Run")
    arrive(wizard, "Full Run")
    picture(wizard, "6-before-the-run")
    press(wizard, "Start the Full Run")
    wizard.locator(".o_field_widget[name=run_progress]:visible").wait_for()
    picture(wizard, "7-run")
    wizard.locator(".o_arrow_button_current", has_text="Result").wait_for(
        timeout=120_000
    )
    assert value(wizard, "run_failed") == "1"
    refused = wizard.locator(".o_field_widget[name=refused_ids] .o_data_row")
    refused.filter(has_text="Nora O'Brien").wait_for()
    press(wizard, "Compare with ActiveCampaign")
    wizard.locator("text=ActiveCampaign holds every linked record").wait_for(
        timeout=60_000
    )
    assert value(wizard, "compare_held") == str(PEOPLE)
    picture(wizard, "8-result")
    press(wizard, "Retry Failed")
    wizard.locator(".o_field_widget[name=run_failed]", has_text="0").wait_for(
        timeout=60_000
    )
    arrive(wizard, "Result")
    picture(wizard, "9-after-retry")


def test_the_run_itself_shows_the_same(screen, odoo_server):
    action = "action-ac_odoo_connector.action_ac_sync_run"
    screen.goto(f"{odoo_server.url}/odoo/{action}")
    screen.locator(".o_data_row", has_text="Everything of Our shop").wait_for()
    picture(screen, "10-runs")
    screen.locator(".o_data_row", has_text="Everything of Our shop").click()
    screen.locator(".o_form_view .o_field_widget[name=synced]").wait_for()
    picture(screen, "11-run-form")
    expect(screen.locator(".o_error_dialog")).to_have_count(0)
