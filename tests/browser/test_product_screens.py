"""What the forms of products, their lists and their run show, clicked through."""

import os

import pytest
from playwright.sync_api import expect

from workbench.account import Account

ACTION = "action-ac_odoo_connector.action_ac"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account with a catalogue: a shirt in two colours, of which one was
    refused, and a gift that is not for sale."""
    simulator_for_session.control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our shop", sync_products=True, sync_orders=True)
    colours = [(0, 0, {"name": name}) for name in ("Red", "Blue")]
    colour = {"name": "Colour", "value_ids": colours}
    attribute = odoo_server.call("product.attribute", "create", colour)
    values = odoo_server.call(
        "product.attribute.value", "search", [("attribute_id", "=", attribute)]
    )
    line = {"attribute_id": attribute, "value_ids": [(6, 0, values)]}
    shirt = {"name": "Shirt", "attribute_line_ids": [(0, 0, line)]}
    odoo_server.call("product.template", "create", shirt)
    gift = {"name": "Gift", "sale_ok": False}
    odoo_server.call("product.template", "create", gift)
    states = "SELECT array_agg(state) FROM ac_binding WHERE object = 'product'"
    both = ["synced", "synced"]  # the gift is let go
    account.wait("they are there", lambda: account.sql(states) == [(both,)])
    account.sql(
        "UPDATE ac_binding SET state = 'dead', message = 'HTTP 422: no.' WHERE id = "
        "(SELECT max(id) FROM ac_binding WHERE object = 'product')"
    )
    return account


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/product_{name}.png")


def open_record(screen, odoo_server, model, domain):
    """Open a form on its page ActiveCampaign."""
    (id_, *_others) = odoo_server.call(model, "search", domain)
    screen.goto(f"{odoo_server.url}/odoo/{model}/{id_}")
    screen.locator(".o_notebook_headers a", has_text="ActiveCampaign").click()


def test_template_shows_all_its_variants(screen, odoo_server, account):
    shirt = [("name", "=", "Shirt")]
    open_record(screen, odoo_server, "product.template", shirt)
    rows = screen.locator("div[name=ac_link_ids] .o_data_row")
    rows.nth(1).wait_for()
    look(screen, "template")
    shown = screen.locator("div[name=ac_link_ids]").inner_text()
    for text in ("Shirt (Red)", "Shirt (Blue)", "Our shop", "Synchronised", "no."):
        assert text in shown
    state = screen.locator(".tab-pane.active > div > div[name=ac_sync_state]")
    assert "Given Up" in state.first.inner_text()


def test_variant_shows_its_own_link_and_is_sent_again(screen, odoo_server, account):
    blue = [("product_template_attribute_value_ids.name", "=", "Blue")]
    open_record(screen, odoo_server, "product.product", blue)
    rows = screen.locator("div[name=ac_link_ids] .o_data_row")
    rows.first.wait_for()
    expect(rows).to_have_count(1)
    look(screen, "variant")
    screen.locator(".tab-pane.active button[name=action_ac_sync_now]").click()
    screen.locator(".o_notification", has_text="will be sent").wait_for()
    dead = "SELECT count(*) FROM ac_binding WHERE state = 'dead'"
    account.wait("it is sent", lambda: not account.sql(dead)[0][0])


def test_product_without_a_link_says_why(screen, odoo_server, account):
    open_record(screen, odoo_server, "product.template", [("name", "=", "Gift")])
    screen.locator("text=Not in the catalogue of any").wait_for()
    look(screen, "unlinked")


def test_products_are_filtered(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/action-product.product_template_action_all")
    screen.goto(f"{odoo_server.url}/odoo/action-product.product_normal_action")
    screen.locator(".o_list_view .o_data_row").first.wait_for()
    screen.click(".o_searchview_dropdown_toggler")
    item = screen.locator(".o_filter_menu .o_menu_item", has_text=": Not Linked")
    item.click()
    screen.locator(".o_searchview_facet", has_text="Not Linked").wait_for()
    screen.locator(".o_data_row", has_text="Shirt").first.wait_for(state="detached")
    look(screen, "filtered")
    expect(screen.locator(".o_data_row", has_text="Gift")).to_have_count(1)


def test_account_starts_both_runs(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_odoo_config/{account.id}")
    screen.locator(".o_notebook_headers a", has_text="Orders and Products").click()
    button = screen.locator("button[name=action_sync_products]")
    button.wait_for()
    look(screen, "account")
    screen.locator("button[name=action_sync_orders]").click()
    screen.locator(".modal div[name=order_count]").wait_for()
    screen.locator(".modal div[name=start_automations] input").check()
    screen.locator(".modal .alert-warning").wait_for()
    look(screen, "orders")
    screen.locator(
        ".modal button[special=cancel], .modal button:has-text('Cancel')"
    ).click()
    button.click()
    screen.locator("h1", has_text="Products of Our shop").wait_for()
    screen.locator("button[name=action_compare]").wait_for(timeout=60_000)
    screen.locator("button[name=action_compare]").click()
    screen.locator("text=ActiveCampaign holds every linked record").wait_for(
        timeout=60_000
    )
    look(screen, "run")
    assert "Product" in screen.locator("div[name=objects]").inner_text()
