"""The simulated account's page, as a person sees it: no Odoo is needed for that."""

import os

import pytest
from playwright.sync_api import expect

from simulator.api import Api

# Headings of the tables of which a part is beyond the edge.
CLIPPED = """all => all.filter(one => one.scrollWidth > one.clientWidth)
    .map(one => one.closest('section').querySelector('h2').textContent)"""
SHOP = {
    "service": "odoo",
    "externalid": "1",
    "name": "Shop",
    "logoUrl": "",
    "linkUrl": "",
}
ORDER = {
    "storeOrderId": "2026/S00042",
    "legacyConnectionId": 1,
    "storeCreatedDate": "2026-05-03T10:48:23Z",
    "finalAmount": 12345.67,
    "email": "person1@example.com",
    "creationSource": "REAL_TIME",
    "currency": "EUR",
    "normalizedStatus": "COMPLETED",
    "customerData": {"firstName": "Ada"},
    "lineItems": [{"name": "Stick", "quantity": 2, "priceAmount": 12.2, "sku": "S"}],
}
PRODUCT = {
    "legacyConnectionId": 1,
    "storePrimaryId": "product.product-1042",
    "variantName": "Customizable Desk (Steel, Black, with drawers on both sides)",
    "variantPriceAmount": 12345.67,
    "variantPriceCurrency": "EUR",
}
BULK = """mutation($orders: [OrderInput!]!, $products: [ProductInput!]!) {
    bulkUpsertOrdersAsync(orders: $orders) { recordId }
    bulkUpsertProducts(products: $products) { id }
}"""


@pytest.fixture
def full(simulator):
    """An account with some of everything, named at the length that people use."""
    control, api = simulator.control, Api(simulator)
    control.seed(contacts=2, accounts=2, deals=2, lists=3)
    control.limits(enabled=False)
    for number in range(1, 5):
        control.act("subscribe", contact=2, list=number)
        control.act("tag", contact=2, tag=f"Interested in news {number}")
    # Nobody listens there, and a failed delivery is shown as well.
    hook = "http://127.0.0.1:1/ac/webhook/0123456789abcdef0123456789abcdef"
    api.new_webhook(hook, "contact_tag_added", name="Odoo on a database of some name")
    api.post("/connections", {"connection": SHOP})
    api.post("/ecom/graphql", shop_data())
    control.act("tag", contact=1, tag="VIP")
    control.deliveries()
    return simulator


def shop_data():
    """The body of a request that makes an order and a product."""
    return {"query": BULK, "variables": {"orders": [ORDER], "products": [PRODUCT]}}


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.screenshot(path=f"{folder}/simulator_{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 1400, 1920])
def test_no_column_is_beyond_the_edge(full, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(full.url)
    look(page, width)
    for text in ("Customizable Desk", "2026/S00042", "0123456789abcdef"):
        assert text in page.locator("main").inner_text()
    assert page.locator(".scroll").evaluate_all(CLIPPED) == []


def test_a_tag_is_given_beside_many_lists(full, page):
    page.goto(full.url)
    row = page.locator("tr", has_text="person2@example.com")
    name = row.get_by_placeholder("tag")
    expect(name).to_be_in_viewport(ratio=1)
    assert name.bounding_box()["width"] > 80
    name.fill("Reader")
    row.get_by_role("button", name="tag").click()
    expect(page.locator(".note")).to_have_text("Done: tag")
    assert "Reader" in full.control.state("contacts")["contacts"]["2"]["tags"]


def test_a_deal_is_moved_and_won(full, page):
    page.goto(full.url)
    row = page.locator("tr", has_text="Deal 1")
    row.locator("select").select_option("Follow Up")
    row.get_by_role("button", name="move").click()
    expect(row.locator("td").nth(3)).to_have_text("Follow Up")
    row.get_by_role("button", name="won").click()
    expect(row.locator(".chip")).to_have_text("won")
    deal = full.control.state("deals")["deals"]["1"]
    assert (str(deal["stage"]), str(deal["status"])) == ("3", "1")
