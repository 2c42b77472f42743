"""An audit from its button to its repair, and what a copy of the database shows."""

import os

import pytest
from playwright.sync_api import expect

from workbench.account import Account

ACTION = "action-ac_odoo_connector.action_ac"
PAGE = ".o_notebook_headers a"
DRAWN = 10_000  # bytes of a page that is not empty


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account with two contacts that were edited; nobody has heard it."""
    control = simulator_for_session.control
    control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(
        name="Our ActiveCampaign",
        partner_domain="[('email', '=like', 'audit%@example.com')]",
        poll_mode="off",
        reconcile_nightly=False,
    )
    people = [
        {
            "name": name,
            "email": f"audit{n}@example.com",
            "phone": "+1 555 0100",
        }
        for n, name in enumerate(("Ada Lind", "Ben Moss"), 1)
    ]
    odoo_server.call("res.partner", "create", people)
    account.wait("they are there", lambda: len(account.links()) == 2)
    control.act("edit", email="audit1@example.com", phone="+1 555 0199")
    control.act("edit", email="audit2@example.com", phone="")
    return account


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/{name}.png")


def open_account(screen, odoo_server, account, page="Pull"):
    screen.goto(f"{odoo_server.url}/odoo/ac.odoo.config/{account.id}")
    screen.locator(PAGE, has_text=page).click()


def press(screen, text):
    screen.locator(f".modal-footer button:has-text('{text}')").click()


def test_an_audit_finds_the_difference_and_repairs_it(screen, odoo_server, account):
    open_account(screen, odoo_server, account)
    screen.click("button[name=action_audit]")
    screen.locator("div[name=check_ids]").wait_for()
    done = "SELECT 1 FROM ac_audit_run WHERE state = 'done'"
    account.wait("the audit is done", lambda: account.sql(done))
    screen.reload()
    screen.get_by_text("Both sides differ").wait_for()
    screen.locator(PAGE, has_text="Differences").click()
    row = screen.locator(".o_data_row", has_text="Ada Lind")
    row.wait_for()
    look(screen, "audit")
    shown = row.inner_text()
    assert "Phone" in shown and "not taken in" in shown
    assert "555" not in shown
    screen.click("button[name=action_repair]")
    press(screen, "Ok")
    screen.locator(".o_notification", has_text="1 taken in, 1 told again").wait_for()
    taken = "SELECT 1 FROM res_partner WHERE email = 'audit1@example.com' AND phone LIKE '%0199'"
    account.wait("the change is here", lambda: account.sql(taken))


def test_an_audit_is_exported(screen, odoo_server, account):
    (id_,) = odoo_server.call("ac.audit.run", "search", [])
    screen.goto(f"{odoo_server.url}/odoo/ac.audit.run/{id_}")
    with screen.expect_download() as download:
        screen.click("button[name=action_export_csv]")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Odoo-Lead" in text and "Ada Lind" in text


def test_an_audit_is_printed(printed, odoo_server, account):
    (id_,) = odoo_server.call("ac.audit.run", "search", [])
    (page,) = printed("ac_odoo_connector.report_audit", id_)
    assert page > DRAWN


DRAWS = {"list": ".o_data_row", "graph": "canvas", "pivot": ".o_pivot_cell_value"}
"""What is there only when a view has something to show."""


@pytest.mark.parametrize("view", DRAWS)
def test_audits_over_time(screen, odoo_server, account, view):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_audit_run?view_type={view}")
    screen.locator(f".o_{view}_view {DRAWS[view]}").first.wait_for()
    look(screen, f"audits_{view}")
    expect(screen.locator(".o_error_dialog")).to_have_count(0)


def test_audited_numbers_over_time(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_audit_check")
    screen.locator(".o_graph_view canvas").wait_for()
    look(screen, "audit_numbers")


def test_disconnecting_asks_what_is_left_behind(screen, odoo_server, account):
    open_account(screen, odoo_server, account, "Connection")
    screen.click("button[name=action_farewell]")
    dialog = screen.locator(".modal-dialog")
    dialog.get_by_text("stay as they are on both sides").wait_for()
    look(screen, "farewell")
    dialog.locator("button", has_text="Cancel").click()
    dialog.wait_for(state="detached")
    assert account.read("state") == "confirmed"


def test_a_copy_is_stopped_until_somebody_says_what_it_is(screen, odoo_server, account):
    call = odoo_server.call
    uuid = call("ir.config_parameter", "get_param", "database.uuid")
    call("ir.config_parameter", "set_param", "database.uuid", "of-a-copy")
    open_account(screen, odoo_server, account, "Connection")
    screen.locator("#ac_place_banner", has_text="may be a copy").wait_for()
    screen.locator("div[name=place_doubt]", has_text="perhaps a copy").wait_for()
    look(screen, "copy")
    screen.locator("div[name=place_doubt] button[name=action_is_copy]").click()
    screen.locator("div[name=place_copy]", has_text="is a copy").wait_for()
    look(screen, "copy_confirmed")
    call("ir.config_parameter", "set_param", "database.uuid", uuid)
    screen.locator("div[name=place_copy] button[name=action_is_production]").click()
    look(screen, "copy_question")
    press(screen, "Ok")
    screen.locator("div[name=place_copy]").wait_for(state="detached")
    screen.reload()
    screen.locator("div[name=place_doubt]").wait_for(state="detached")
    expect(screen.locator("#ac_place_banner")).to_have_count(0)
