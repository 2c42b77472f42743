"""What an order's form and list show of its deal, and the screens of the mappings."""

import os

import lists
import pytest
from playwright.sync_api import expect

from workbench.account import Account

ACTION = "action-ac_odoo_connector.action_ac"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account, a quotation that is a deal, one that is not."""
    simulator_for_session.control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our shop")
    call = odoo_server.call
    call("ac.odoo.config", "write", [account.id], {"sync_deals": True})
    for name, ref in (("Ada", "first"), ("Grace", "second")):
        email = f"{name.lower()}@example.com"
        partner = call("res.partner", "create", {"name": name, "email": email})
        product = call("product.product", "create", {"name": "Engine"})
        line = {"product_id": product, "product_uom_qty": 2, "price_unit": 50}
        values = {"partner_id": partner, "client_order_ref": ref}
        call("sale.order", "create", values | {"order_line": [(0, 0, line)]})
    account.wait("the deals have been dealt with", lambda: settled(account))
    as_left(account, "first", "synced", "17", SENT)
    as_left(account, "second", "skipped", None, "{}")
    return account


def settled(account):
    """Whether both orders have a link and none of them waits."""
    links = account.sql("SELECT state FROM ac_binding WHERE object = 'deal'")
    return len(links) == 2 and not {("pending",), ("sending",)} & set(links)


SENT = (
    '{"at": ["1", "1", 0], "amount": [11000, "usd"], '
    '"place": {"group": "1", "stage": "3", "status": 0, "moment": "2026-01-01"}}'
)


def as_left(account, ref, state, remote_id, sent):
    """Leave an order's link as a push leaves it."""
    remote = f"'{remote_id}'" if remote_id else "NULL"
    reason = "'no_stage'" if state == "skipped" else "NULL"
    account.sql(
        f"UPDATE ac_binding SET state = '{state}', remote_id = {remote}, "
        f"skip_reason = {reason}, message = NULL, sent = '{sent}', synced_at = now(), "
        "tries = 0, next_try_at = NULL, claim = NULL, claimed_until = NULL "
        "WHERE object = 'deal' AND res_id = "
        f"(SELECT id FROM sale_order WHERE client_order_ref = '{ref}')"
    )


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/order_{name}.png")


def open_order(screen, odoo_server, ref):
    """Open an order's form on its page ActiveCampaign; return the first block."""
    domain = [("client_order_ref", "=", ref)]
    (id_,) = odoo_server.call("sale.order", "search", domain)
    screen.goto(f"{odoo_server.url}/odoo/sales/{id_}")
    screen.locator(".o_notebook_headers a", has_text="ActiveCampaign").click()
    block = screen.locator(".o_ac_links .o_kanban_record:not(.o_kanban_ghost)").first
    block.wait_for()
    return block


def test_a_block_tells_stage_and_value(screen, odoo_server, account):
    block = open_order(screen, odoo_server, "first")
    look(screen, "deal")
    shown = block.inner_text()
    for text in ("Deal", "Synchronised", "Sales › Follow Up", "Open", "110.00 USD"):
        assert text in shown
    link = block.locator("a", has_text="Open in ActiveCampaign")
    expected = f"{account.simulator.url}/app/deals/17"
    assert link.get_attribute("href") == expected
    expect(screen.locator("button[name=action_ac_send_as_new]")).to_have_count(1)
    assert "Synchronised" in screen.locator("button[name=action_ac_links]").inner_text()


def test_an_order_without_a_deal_says_why(screen, odoo_server):
    block = open_order(screen, odoo_server, "second")
    look(screen, "skipped")
    shown = block.inner_text()
    assert "Left out by the stage mapping" in shown and "all is well" in shown


@pytest.mark.parametrize(
    ("label", "listed", "hidden"),
    [("Synchronised", "Ada", "Grace"), ("Skipped", "Grace", "Ada")],
)
def test_orders_are_filtered(screen, odoo_server, label, listed, hidden):
    address = f"{odoo_server.url}/odoo/sales"
    lists.check_filter(screen, address, label, listed, hidden)


def test_orders_are_grouped_by_state(screen, odoo_server):
    lists.group_by_state(screen, f"{odoo_server.url}/odoo/sales", "Skipped")
    screen.keyboard.press("Escape")
    look(screen, "grouped")


def test_the_stages_are_proposed_and_applied(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_deal_stage_mapping")
    screen.locator(".o_list_view .o_data_row").first.wait_for()
    look(screen, "stages")
    screen.click("button:has-text('Propose from the Pipelines')")
    row = screen.locator(".modal .o_data_row", has_text="Sales Order")
    row.wait_for()
    look(screen, "proposal")
    assert "To Contact" in screen.locator(".modal .o_data_row").first.inner_text()
    screen.click(".modal button:has-text('Apply')")
    mine = screen.locator(".o_data_row td[name=config_id]", has_text="Our shop")
    mine.first.wait_for()
    look(screen, "applied")
    expect(mine).to_have_count(4)
    assert "Found" in screen.locator(".o_data_row").first.inner_text()


def test_a_line_of_the_mapping(screen, odoo_server):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_deal_stage_mapping")
    screen.locator(".o_data_row .o_data_cell").nth(1).click()
    action = screen.locator("div[name=action]")
    action.wait_for()
    look(screen, "stage_form")
    action.locator("label", has_text="Ignore the order").click()
    screen.locator("div[name=when_moved]").wait_for(state="detached")
    look(screen, "stage_ignored")
    screen.click(".o_form_button_cancel")


def test_owners_are_matched_by_e_mail(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_owner_mapping")
    screen.click("button:has-text('Match by E-Mail')")
    row = screen.locator(".o_list_view .o_data_row").first
    row.wait_for()
    screen.locator(".o_notification", has_text="Matched").wait_for()
    look(screen, "owners")
    assert "By E-Mail" in row.inner_text() or "Default Owner" in row.inner_text()


def test_the_account_has_a_default_owner(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_odoo_config/{account.id}")
    screen.locator(".o_notebook_headers a", has_text="Orders and Products").click()
    screen.locator("div[name=default_owner_id]").wait_for()
    look(screen, "account")
