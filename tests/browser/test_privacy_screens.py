"""One person's data from the partner's form to the erasure, and what the trail tells.

The tests build on each other. With AC_PICTURES=<folder> they write their pictures.
"""

import json
import os
import re

import pytest
from playwright.sync_api import expect

from workbench.account import Account

ACTION = "action-ac_odoo_connector.action_ac"
EMAIL = "ada@example.com"
NOBODY = "<script>alert('Ada')</script>"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account with two contacts; one of them has agreed on paper."""
    simulator_for_session.control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(
        name="Our shop",
        poll_mode="off",
        partner_domain="[('email', 'in', ('ada@example.com', 'bob@example.com'))]",
    )
    people = [
        {"name": "Ada Lovelace", "email": EMAIL, "function": NOBODY},
        {"name": "Bob Babbage", "email": "bob@example.com"},
    ]
    ada, _bob = odoo_server.call("res.partner", "create", people)
    entry = {"partner_id": ada, "state": "granted", "source": "paper"}
    odoo_server.call("ac.consent", "create", [entry])
    account.wait("they are there", lambda: len(account.links()) == 2)
    account.wait("nothing is under way", lambda: set(account.states()) == {"synced"})
    account.write({"log_days": 45})
    return account


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/privacy_{name}.png", full_page=True)


def press(screen, text):
    """Press the button with exactly this text, in the topmost dialog."""
    button = screen.locator(".modal-footer button:visible")
    button.filter(has_text=re.compile(rf"^\s*{text}\s*$")).last.click()


def preview(screen, odoo_server):
    """Open the question from the partner's form, and look at what there is."""
    domain = [("email", "=", EMAIL)]
    (id_,) = odoo_server.call("res.partner", "search", domain)
    screen.goto(f"{odoo_server.url}/odoo/contacts/{id_}")
    screen.locator(".o_cp_action_menus button").first.click()
    screen.locator(".o-dropdown--menu .o_menu_item", has_text="Data of the").click()
    screen.locator(".modal-dialog div[name=partner_ids] .o_tag").wait_for()
    press(screen, "Preview")
    rows = screen.locator(".modal-dialog .o_data_row")
    rows.first.wait_for()
    return [row.split("\t") for row in map(str.strip, rows.all_inner_texts())]


def test_the_preview_counts_both_sides(screen, odoo_server, account):
    counted = {(place, what): n for place, what, n in preview(screen, odoo_server)}
    assert counted["Odoo", "Consent history"] == "1"
    assert counted["Our shop", "contact"] == "1"
    look(screen, "preview")


def test_the_page_shows_all_and_runs_nothing(screen, odoo_server, account):
    preview(screen, odoo_server)
    with screen.context.expect_page() as opened:
        press(screen, "Read")
    page = opened.value
    page.get_by_role("heading", name=f"What Is Known of {EMAIL}").wait_for()
    shown = page.locator("body").inner_text()
    for text in (NOBODY, "Consent history", "Our shop: contact"):
        assert text in shown
    assert "bob@" not in shown
    look(page, "page")
    page.close()


def test_the_file_has_the_same(screen, odoo_server, account):
    preview(screen, odoo_server)
    with screen.expect_download() as download:
        press(screen, "Save as JSON")
    known = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert known["emails"] == [EMAIL]
    assert {part["place"] for part in known["parts"]} == {"Odoo", "Our shop"}


def test_the_person_goes_on_both_sides(screen, odoo_server, account):
    preview(screen, odoo_server)
    screen.fill(".modal-dialog div[name=reference] input", "Request 17")
    press(screen, "Erase")
    screen.locator(".modal-body", has_text="cannot be undone").wait_for()
    look(screen, "confirm")
    press(screen, "Ok")
    screen.locator(".o_data_row", has_text="Person Erased").wait_for()
    look(screen, "erased_person")
    assert "Ada" not in screen.locator("body").inner_text()
    there = account.simulator.control.state()["contacts"].values()
    assert [contact["email"] for contact in there] == ["bob@example.com"]
    everybody = {"context": {"active_test": False}}
    domain = [("email", "=", EMAIL)]
    assert not odoo_server.call("res.partner", "search", domain, **everybody)


def test_the_trail_tells_of_it_without_the_person(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_trail")
    screen.locator(".o_data_row", has_text="Person Erased").wait_for()
    shown = screen.locator(".o_list_table").inner_text()
    for text in ("Request 17", "Data Exported", "Days of Logs", "30", "45"):
        assert text in shown
    assert "Ada" not in shown and EMAIL not in shown
    look(screen, "trail")
    expect(screen.locator(".o_list_button_add")).to_have_count(0)


def test_erased_people_are_digests(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_erased")
    digest = screen.locator(".o_data_row td[name=digest]")
    assert re.fullmatch("[0-9a-f]{64}", digest.inner_text().strip())
    look(screen, "erased")


def test_the_data_map_is_a_page(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_odoo_config/{account.id}")
    screen.locator(".o_notebook_headers a", has_text="Retention").click()
    with screen.context.expect_page() as opened:
        screen.click("button[name=action_data_map]")
    page = opened.value
    page.get_by_role("heading", name="Data Map: Our shop").wait_for()
    shown = page.locator("body").inner_text()
    for text in ("(email)", "To ActiveCampaign", "Consent history", "45"):
        assert text in shown
    look(page, "data_map")
    page.close()


def test_the_data_map_is_printed(printed, odoo_server, account):
    pages = printed("ac_odoo_connector.report_data_map", account.id)
    assert len(pages) > 1 and min(pages) > 10_000


def test_a_trail_that_is_empty_says_what_it_is_for(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_trail")
    screen.locator(".o_data_row").first.wait_for()
    screen.fill(".o_searchview_input", "nothing of the kind")
    screen.locator(
        ".o_searchview_autocomplete"
    ).wait_for()  # or Enter finds nothing yet
    screen.keyboard.press("Enter")
    screen.locator(".o_view_nocontent", has_text="Nobody has changed").wait_for()
