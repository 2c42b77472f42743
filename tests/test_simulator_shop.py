"""E-commerce by REST and GraphQL, and tracking, of the simulator."""

import pytest
import requests

pytest_plugins = ["simulator.fixtures"]

SHOP = {
    "service": "odoo",
    "externalid": "1",
    "name": "Shop",
    "logoUrl": "",
    "linkUrl": "",
}
CUSTOMER = {"connectionid": 1, "externalid": "c1", "email": "ada@example.com"}
LINE = {"externalid": "P1", "name": "Stick", "price": 4900, "quantity": 2, "sku": "S"}
ORDER = {
    "externalid": "SO1",
    "source": "1",
    "email": "ada@example.com",
    "totalPrice": 9900,
    "currency": "EUR",
    "connectionid": 1,
    "customerid": 1,
    "orderProducts": [LINE],
    "orderDiscounts": [{"name": "1OFF", "type": "order", "discountAmount": 100}],
}
CART = {"externalcheckoutid": "c1", "abandonedDate": "2024-01-01T00:00:00Z"}


@pytest.fixture
def shop(api):
    """An account with a connected shop."""
    api.post("/connections", {"connection": SHOP})
    return api


@pytest.fixture
def customer(shop):
    """A connected shop with one customer."""
    shop.post("/ecomCustomers", {"ecomCustomer": CUSTOMER})
    return shop


def order(api, **values):
    return api.post("/ecomOrders", {"ecomOrder": ORDER | values})


def cart(api):
    values = {k: v for k, v in ORDER.items() if k != "externalid"} | CART
    return api.post("/ecomOrders", {"ecomOrder": values})


def test_a_connection_lacks_nothing_and_is_unique(shop):
    names = [
        e["source"]["pointer"]
        for e in shop.post("/connections", {"connection": {}}).json()["errors"]
    ]
    assert len(names) == 5
    again = shop.post("/connections", {"connection": SHOP})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "duplicate")


def test_a_customer_is_a_contact_too(customer, control):
    contact = control.state()["contacts"]["1"]
    assert (contact["email"], contact["lists"]) == ("ada@example.com", {})
    again = customer.post("/ecomCustomers", {"ecomCustomer": CUSTOMER})
    assert again.status_code == 422
    assert control.state()["counts"]["ecomCustomers"] == 1


def test_an_order_sideloads_its_lines_in_cents(customer):
    answer = order(customer)
    shown = answer.json()
    assert answer.status_code == 201
    assert shown["ecomOrder"]["totalPrice"] == 9900
    assert shown["ecomOrder"]["orderProducts"] == [shown["ecomOrderProducts"][0]["id"]]
    assert shown["ecomOrderDiscounts"][0]["discountAmount"] == "100"
    assert customer.get("/ecomOrders/1")["ecomOrder"]["totalPrice"] == "9900"
    found = customer.get("/ecomCustomers/1")["ecomCustomer"]
    assert (found["totalRevenue"], found["totalOrders"]) == ("9900", "1")


def test_an_order_is_created_once(customer, control):
    order(customer)
    control.options(duplicate_order_status=400)
    assert order(customer).status_code == 400
    assert control.state()["counts"]["orders"] == 1


def test_an_order_xor_a_cart(customer):
    assert order(customer, externalcheckoutid="c1").status_code == 422
    assert order(customer, externalid=None).status_code == 422


def test_only_real_time_orders_start_automations(customer, control):
    order(customer, source="0")
    assert control.state()["counts"]["contactAutomations"] == 0
    order(customer, externalid="SO2")
    assert control.state()["counts"]["contactAutomations"] == 1


def test_changed_lines_get_new_ids(customer, control):
    order(customer)
    customer.put("/ecomOrders/1", {"ecomOrder": {"orderProducts": [LINE, LINE]}})
    assert list(control.state()["ecomOrderProducts"]) == ["2", "3"]
    assert control.state()["orders"]["1"]["totalProducts"] == 4


def test_an_abandoned_cart_is_recovered_by_an_order(customer, control):
    cart(customer)
    assert control.state()["orders"]["1"]["state"] == 2
    customer.put("/ecomOrders/1", {"ecomOrder": {"externalid": "SO9"}})
    assert control.state()["orders"]["1"]["state"] == 3
    found = customer.get("/ecomOrders", **{"filters[externalid]": "SO9"})
    assert found["meta"]["total"] == "1"


# --------------------------------------------------------------------------- GraphQL

GRAPHQL_ORDER = {
    "storeOrderId": "SO1",
    "legacyConnectionId": 1,
    "storeCreatedDate": "2024-05-03T10:48:23Z",
    "finalAmount": 100.01,
    "email": "ada@example.com",
    "creationSource": "REAL_TIME",
    "currency": "EUR",
    "normalizedStatus": "COMPLETED",
    "customerData": {"firstName": "Ada"},
    "lineItems": [{"name": "Stick", "quantity": 2, "priceAmount": 12.2, "sku": "S"}],
}
ORDERS = "mutation($rows: [OrderInput!]!) { bulkUpsertOrdersAsync(orders: $rows) { recordId } }"
PRODUCTS = (
    "mutation($rows: [ProductInput!]!) { bulkUpsertProducts(products: $rows) { id } }"
)


def graphql(api, query, **variables):
    body = {"query": query, "variables": variables}
    answer = api.post("/ecom/graphql", body)
    assert answer.status_code == 200
    return answer.json()


def test_orders_are_stored_in_units_and_copied_in_cents(shop, control):
    answer = graphql(shop, ORDERS, rows=[GRAPHQL_ORDER])
    assert len(answer["data"]["bulkUpsertOrdersAsync"]["recordId"]) == 36
    state = control.state()
    assert state["graphqlOrders"]["1"]["finalAmount"] == 100.01
    copied = state["orders"]["1"]
    assert (copied["totalPrice"], copied["externalid"], copied["state"]) == (
        10001,
        "SO1",
        1,
    )
    assert state["ecomOrderProducts"]["1"]["price"] == 1220
    assert state["contacts"]["1"]["firstName"] == "Ada"


def test_an_order_is_found_by_connection_and_its_own_id(shop, control):
    graphql(shop, ORDERS, rows=[GRAPHQL_ORDER])
    changed = GRAPHQL_ORDER | {"finalAmount": 50, "normalizedStatus": "REFUNDED"}
    graphql(shop, ORDERS, rows=[changed])
    assert control.state()["counts"]["graphqlOrders"] == 1
    query = """{ getOrder(legacyConnectionId: 1, storeOrderId: "SO1") {
        finalAmount normalizedStatus lineItems { name quantity } } }"""
    assert graphql(shop, query)["data"]["getOrder"] == {
        "finalAmount": 50.0,
        "normalizedStatus": "REFUNDED",
        "lineItems": [{"name": "Stick", "quantity": 2}],
    }


def test_orders_may_be_written_into_the_query(shop, control):
    query = """mutation { upsertOrder(order: {
        storeOrderId: "SO1" legacyConnectionId: 1 finalAmount: 10
        storeCreatedDate: "2024-05-03T10:48:23Z" creationSource: HISTORICAL
    }) { storeOrderId creationSource } }"""
    found = graphql(shop, query)["data"]["upsertOrder"]
    assert found == {"storeOrderId": "SO1", "creationSource": "HISTORICAL"}
    assert control.state()["counts"]["contactAutomations"] == 0


def test_one_wrong_order_refuses_all_and_says_why(shop, control):
    wrong = GRAPHQL_ORDER | {"storeOrderId": "SO2", "finalAmount": None}
    error = graphql(shop, ORDERS, rows=[GRAPHQL_ORDER, wrong])["errors"][0]
    assert error["message"] == "Validation errors"
    assert list(error["extensions"]) == ["storeOrderId-SO2-finalAmount"]
    assert control.state()["graphqlOrders"] == {}


@pytest.mark.parametrize(
    "query",
    [
        "mutation { bulkUpsertDeals(deals: []) { id } }",
        'mutation { upsertOrder(order: {legacyConnectionId: "x"}) { id } }',
        "mutation { upsertOrder(order: {legacyConnectionId: 1, colour: 2}) { id } }",
        "{ broken",
    ],
)
def test_a_query_that_does_not_fit_the_schema_is_an_error(shop, query):
    answer = graphql(shop, query)
    assert "data" not in answer
    assert answer["errors"][0]["message"]


def test_too_long_a_query_is_refused(shop):
    words = " ".join(f"f{number}" for number in range(15_001))
    assert "15000" in graphql(shop, f"{{ {words} }}")["errors"][0]["message"]


def test_products_are_patched_by_their_store_id(shop, control):
    row = {"legacyConnectionId": 1, "storePrimaryId": "P1", "variantName": "Red"}
    graphql(shop, PRODUCTS, rows=[row | {"brand": "B", "variantPriceAmount": 9.99}])
    change = {"legacyConnectionId": 1, "storePrimaryId": "P1", "brand": None}
    graphql(shop, PRODUCTS, rows=[change])
    product = control.state()["products"]["1"]
    assert (product["variantName"], product["brand"]) == ("Red", None)
    assert product["variantPriceAmount"] == 9.99
    assert control.state()["counts"]["products"] == 1


def test_a_product_is_created_once_and_deleted(shop, control):
    query = """mutation { createProduct(product: {
        legacyConnectionId: 1 storePrimaryId: "P1" }) { id } }"""
    assert graphql(shop, query)["data"]["createProduct"]["id"] == "1"
    assert graphql(shop, query)["errors"][0]["message"] == "Validation errors"
    assert graphql(shop, 'mutation { deleteProduct(id: "1") }')["data"]["deleteProduct"]
    assert control.state()["products"] == {}


def test_searches_filter_sort_and_page(shop):
    rows = [
        GRAPHQL_ORDER | {"storeOrderId": f"SO{n}", "finalAmount": n}
        for n in range(1, 31)
    ]
    graphql(shop, ORDERS, rows=rows)
    query = """{ searchOrder(
        filter: {finalAmount: {value: 5, filterOperator: GT, sort: DESC}}
        pagination: {offset: 1, limit: 2}) { storeOrderId } }"""
    found = graphql(shop, query)["data"]["searchOrder"]
    assert [row["storeOrderId"] for row in found] == ["SO29", "SO28"]
    query = '{ searchOrder(filter: {email: {value: "ADA", filterOperator: CONTAINS}}) { id } }'
    assert len(graphql(shop, query)["data"]["searchOrder"]) == 20


def test_the_schema_can_be_asked(shop):
    query = '{ __type(name: "Product") { fields { name } } }'
    names = [f["name"] for f in graphql(shop, query)["data"]["__type"]["fields"]]
    assert "storePrimaryId" in names


# -------------------------------------------------------------------------- tracking

VISIT = '{"email": "ada@example.com"}'
EVENT = {"actid": "1", "key": "simulator-event-key", "event": "bought", "visit": VISIT}


def track(api, **values):
    url = api.base.removesuffix("/api/3") + "/event"
    return requests.post(url, data=EVENT | values, timeout=30)


def test_an_event_is_tracked_without_the_api_key(api):
    api.new_contact("ada@example.com")
    answer = track(api, eventdata="x" * 300)
    assert answer.json() == {"success": 1, "message": "Event spawned"}
    log = api.get("/contacts/1/trackingLogs")["trackingLogs"][0]
    assert (log["type"], len(log["value"])) == ("bought", 255)


@pytest.mark.parametrize(
    "values", [{"key": "wrong"}, {"event": "x" * 33}, {"visit": ""}, {"visit": "{"}]
)
def test_a_wrong_event_is_no_success(api, values):
    api.new_contact("ada@example.com")
    answer = track(api, **values)
    assert (answer.status_code, answer.json()["success"]) == (200, 0)
    assert api.get("/contacts/1/trackingLogs")["trackingLogs"] == []


def test_tracking_can_be_switched(api):
    api.put("/eventTracking", {"eventTracking": {"enabled": False}})
    assert api.get("/eventTracking") == {"eventTracking": {"enabled": False}}
    assert track(api).json()["success"] == 0


def test_the_site_code_is_text_and_domains_are_kept_once(api):
    assert "diffuser.js" in api.call("GET", "/siteTracking/code").text
    body = {"siteTrackingDomain": {"name": "example.com"}}
    codes = [api.post("/prism/urlWhitelistings", body).status_code for _ in range(2)]
    assert codes == [201, 409]
    assert api.delete("/prism/urlWhitelistings/1").status_code == 204
    assert api.get("/prism/urlWhitelistings") == {"data": []}
