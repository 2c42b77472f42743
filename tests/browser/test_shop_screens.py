"""The shop on the account's form: what it says, and its buttons."""

import os

import pytest

from workbench.account import Account

CONNECTED = "SELECT ac_connection_id FROM ac_odoo_config WHERE sync_orders"
PAGE = ".o_notebook_headers a"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account with one order over there."""
    simulator_for_session.control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our shop", sync_orders=True)
    buyer = {"name": "Ada", "email": "ada@example.com"}
    product = odoo_server.call("product.product", "create", {"name": "Hammer"})
    order = {
        "partner_id": odoo_server.call("res.partner", "create", buyer),
        "order_line": [(0, 0, {"product_id": product, "price_unit": 5})],
    }
    odoo_server.call(
        "sale.order",
        "action_confirm",
        [odoo_server.call("sale.order", "create", order)],
    )
    there = "SELECT state FROM ac_binding WHERE object = 'order'"
    account.wait("it is there", lambda: account.sql(there) == [("synced",)])
    return account


@pytest.fixture
def form(screen, odoo_server, account):
    """The account's form on its page of orders and products."""
    ((config_id,),) = account.sql("SELECT id FROM ac_odoo_config WHERE sync_orders")
    screen.goto(f"{odoo_server.url}/odoo/ac.odoo.config/{config_id}")
    screen.locator(PAGE, has_text="Orders and Products").click()
    return screen


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/shop_{name}.png")


def test_shop_and_what_carts_need(form, account):
    shop = form.locator("div[name=ac_connection_id]")
    shop.wait_for()
    look(form, "form")
    assert shop.inner_text() == account.sql(CONNECTED)[0][0]
    assert form.get_by_text("Abandoned carts need the app eCommerce").is_visible()


def test_repair(form, account):
    before = account.sql(CONNECTED)
    form.get_by_role("button", name="Repair the Shop").click()
    form.get_by_text("Orders and products go there.").wait_for()
    assert account.sql(CONNECTED) == before


def test_remove_asks_first(form, account):
    form.get_by_role("button", name="Remove the Shop").click()
    form.locator(".modal", has_text="none of them any more").wait_for()
    look(form, "remove")
    form.locator(".modal-footer .btn-primary").click()
    form.get_by_text("Shop Removed").wait_for()
    assert account.sql("SELECT count(*) FROM ac_binding WHERE object = 'order'") == [
        (0,)
    ]
