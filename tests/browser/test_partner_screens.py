"""What a partner's form, its list and its links show, clicked through."""

import os

import lists
import pytest
from playwright.sync_api import expect

from workbench.account import Account

ACTION = "action-ac_odoo_connector.action_ac"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account: a company with Ada in it, two more with Ada's e-mail, and
    Grace, whose e-mail belongs to somebody else over there."""
    simulator_for_session.control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our shop")
    company = create(odoo_server, name="Engines", is_company=True)
    tag = odoo_server.call("res.partner.category", "create", {"name": "VIP"})
    ada = {"name": "Ada", "parent_id": company, "category_id": [(6, 0, [tag])]}
    create(odoo_server, email="ada@example.com", **ada)
    create(odoo_server, name="Ada's Shop", email="ADA@example.com")
    create(odoo_server, name="Grace", email="grace@example.com")
    create(odoo_server, name="Typo", email="typo@")
    account.wait("all are there", lambda: len(account.links()) == 2)
    account.wait("none waits", lambda: set(account.states()) == {"synced", "skipped"})
    account.sql(
        "UPDATE ac_binding SET state = 'skipped', skip_reason = 'conflict', message = "
        "'contact 17 has it' WHERE identity = 'grace@example.com'"
    )
    return account


def create(odoo_server, **values):
    return odoo_server.call("res.partner", "create", values)


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/partner_{name}.png")


def open_partner(screen, odoo_server, name):
    """Open a partner's form on its page ActiveCampaign; return the first block."""
    (id_,) = odoo_server.call("res.partner", "search", [("name", "=", name)])
    screen.goto(f"{odoo_server.url}/odoo/contacts/{id_}")
    screen.locator(".o_notebook_headers a", has_text="ActiveCampaign").click()
    block = screen.locator(".o_ac_links .o_kanban_record:not(.o_kanban_ghost)").first
    block.wait_for()
    return block


def titled(screen, name):
    """Wait until the form shows a record."""
    screen.locator(
        ".o_breadcrumb .active, .o_last_breadcrumb_item", has_text=name
    ).wait_for()


def test_a_block_tells_state_tags_and_company(screen, odoo_server, account):
    block = open_partner(screen, odoo_server, "Ada")
    look(screen, "ada")
    shown = block.inner_text()
    for text in ("Contact", "Our shop", "Synchronised", "VIP", "Engines", "Last sync"):
        assert text in shown
    link = block.locator("a", has_text="Open in ActiveCampaign")
    ac_id = account.links()["ada@example.com"]
    expected = f"{account.simulator.url}/app/contacts/{ac_id}"
    assert link.get_attribute("href") == expected
    assert link.get_attribute("target") == "_blank"


def test_the_main_record_is_one_click_away(screen, odoo_server):
    block = open_partner(screen, odoo_server, "Ada's Shop")
    look(screen, "same")
    assert "Another record has the same e-mail" in block.inner_text()
    block.locator("a", has_text="Ada").click()
    titled(screen, "Engines, Ada")
    screen.locator(".o_notebook_headers a", has_text="ActiveCampaign").click()
    screen.locator(".o_ac_links a", has_text="Ada's Shop").click()
    screen.locator(".o_list_view .o_data_row", has_text="Ada's Shop").wait_for()


def test_a_conflict_says_what_to_do(screen, odoo_server):
    block = open_partner(screen, odoo_server, "Grace")
    look(screen, "conflict")
    shown = block.inner_text()
    assert "contact 17 has it" in shown and "Merge the two" in shown


def test_the_stat_button_opens_the_link(screen, odoo_server):
    open_partner(screen, odoo_server, "Ada")
    button = screen.locator("button[name=action_ac_links]")
    assert "Synchronised" in button.inner_text()
    button.click()
    told = screen.locator("div[name=told_tags]")
    told.wait_for()
    look(screen, "link")
    assert "VIP" in told.inner_text()
    screen.click(".o_form_statusbar button:has-text('Open Record')")
    titled(screen, "Engines, Ada")


def test_a_company_shows_both_its_links(screen, odoo_server):
    open_partner(screen, odoo_server, "Engines")
    look(screen, "company")
    blocks = screen.locator(".o_ac_links .o_kanban_record:not(.o_kanban_ghost)")
    assert "Account" in blocks.nth(0).inner_text()
    assert "No e-mail" in blocks.nth(1).inner_text()
    assert "Synchronised" in screen.locator("button[name=action_ac_links]").inner_text()


@pytest.mark.parametrize(
    ("label", "listed", "hidden"),
    [("Conflict", "Grace", "Typo"), ("Not Linked", "My Company", "Grace")],
)
def test_partners_are_filtered(screen, odoo_server, label, listed, hidden):
    address = f"{odoo_server.url}/odoo/contacts?view_type=list"
    lists.check_filter(screen, address, label, listed, hidden)


def test_partners_are_grouped_by_state(screen, odoo_server):
    address = f"{odoo_server.url}/odoo/contacts?view_type=list"
    group = lists.group_by_state(screen, address, "Skipped")
    look(screen, "grouped")
    assert "(3)" in group.inner_text()
    screen.keyboard.press("Escape")
    group.click()
    screen.locator(".o_data_row", has_text="Typo").wait_for()
    expect(screen.locator(".o_data_row")).to_have_count(3)


def test_an_error_opens_its_record(screen, odoo_server, account):
    account.sql(
        "INSERT INTO ac_error_log (config_id, binding_id, res_model, res_id, "
        "record_name, operation, message, state, first_seen, last_seen, count) "
        "SELECT config_id, id, res_model, res_id, 'Grace', 'Send: Contact', 'No.', "
        "'open', now(), now(), 1 FROM ac_binding "
        "WHERE identity = 'grace@example.com'"
    )
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_error_log")
    row = screen.locator(".o_data_row", has_text="Grace")
    row.wait_for()
    look(screen, "errors")
    row.locator("button[name=action_open_record]").click()
    titled(screen, "Grace")


def test_accounts_fields_hide_with_their_switch(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_odoo_config/{account.id}")
    screen.locator(".o_notebook_headers a", has_text="What to Synchronise").click()
    policy = screen.locator("div[name=account_link_policy]")
    policy.wait_for()
    look(screen, "scope")
    screen.locator("div[name=sync_accounts] input").uncheck()
    policy.wait_for(state="detached")
    expect(screen.locator("div[name=account_domain]")).to_have_count(0)
    screen.locator("div[name=sync_accounts] input").check()
    policy.wait_for()
