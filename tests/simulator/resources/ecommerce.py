"""Connections, customers, orders and carts (OAS create-connection, create-order ...)."""

from .. import shop
from ..account import number
from ..crud import listing, pick, read, remove
from ..errors import Refused, invalid

REQUIRED = ("service", "externalid", "name", "logoUrl", "linkUrl")
CONNECTION_COLUMNS = (*REQUIRED, "listId", "status", "syncStatus")
ORDER_FILTERS = (
    "connectionid externalid externalcheckoutid email state customerid"
).split()


# ----------------------------------------------------------------------- connections


def connect(call):
    """POST /connections: all of `REQUIRED` are needed; service and id are unique."""
    values = call.envelope("connection")
    absent = [missing(name) for name in REQUIRED if name not in values]
    if absent:
        raise Refused(422, {"errors": absent})
    key = pick(values, ("service", "externalid"))
    if call.account.where("connections", **key):
        raise invalid("The connection already exists.", "duplicate", "externalid")
    stamps = {"cdate": call.account.iso(), "udate": call.account.iso()}
    given = pick(values, CONNECTION_COLUMNS) | {"serviceName": values["service"]}
    record = call.account.add("connections", **given, **stamps)
    return 200, {"connection": call.show("connections", record) | {"isInternal": 0}}


def missing(name):
    """The entry of `errors` for a missing attribute."""
    title = f"The connection {name} was not provided."
    return {"title": title, "source": {"pointer": f"/data/attributes/{name}"}}


def reconnect(call):
    """PUT /connections/{id}."""
    record = call.record("connections")
    values = pick(call.envelope("connection"), CONNECTION_COLUMNS)
    call.account.change("connections", record, udate=call.account.iso(), **values)
    return 200, call.one("connections", record)


# ------------------------------------------------------------------------- customers


def create_customer(call):
    """POST /ecomCustomers: 201 with the connection beside it."""
    values = call.envelope("ecomCustomer")
    for name in ("connectionid", "externalid", "email"):
        if not values.get(name):
            title = f"The ecomCustomer {name} was not provided."
            raise invalid(title, "field_missing", name, status=400)
    connection = call.account.need("connections", values["connectionid"])
    if shop.customer_of(
        call.account, connection["id"], values["externalid"], values["email"]
    ):
        raise invalid("The e-commerce customer already exists.", "duplicate", "email")
    customer = shop.add_customer(call.account, values)
    beside = {"connections": [call.show("connections", connection)]}
    return 201, beside | {"ecomCustomer": shown_customer(call, customer)}


def shown_customer(call, customer):
    """A customer with the totals of its orders and its contact."""
    contact = call.account["contacts"].lookup(customer["email"])
    more = shop.totals(call.account, customer)
    if contact:
        more |= {"subscriberid": str(contact["id"]), "phone": contact["phone"]}
    return call.show("ecomCustomers", customer) | more


def list_customers(call):
    """GET /ecomCustomers by e-mail, external id and connection."""
    wanted = pick(call.filters(), ("email", "externalid", "connectionid"))
    found = call.account.where("ecomCustomers", **wanted)
    rows = [shown_customer(call, row) for row in call.page(found)]
    return 200, {"ecomCustomers": rows, "meta": {"total": str(len(found))}}


def read_customer(call):
    """GET /ecomCustomers/{id}."""
    return 200, {"ecomCustomer": shown_customer(call, call.record("ecomCustomers"))}


def update_customer(call):
    """PUT /ecomCustomers/{id}."""
    customer = call.record("ecomCustomers")
    columns = ("connectionid", "externalid", "email", "acceptsMarketing")
    values = pick(call.envelope("ecomCustomer"), columns)
    shop.change_customer(call.account, customer, values)
    return 200, {"ecomCustomer": shown_customer(call, customer)}


# ---------------------------------------------------------------------------- orders


def create_order(call):
    """POST /ecomOrders: 201; an order XOR a cart."""
    values = call.envelope("ecomOrder")
    check_order(call, values)
    order = shop.add_order(call.account, values)
    connection = call.account.get("connections", order["connectionid"])
    beside = {"connections": [call.show("connections", connection)]}
    return 201, beside | whole(call, order)


def check_order(call, values):
    """Refuse what lacks a required attribute, names both ids, or is known."""
    for name in (
        "source",
        "email",
        "totalPrice",
        "currency",
        "connectionid",
        "customerid",
    ):
        if name not in values:
            title = f"The ecomOrder {name} was not provided."
            raise invalid(title, "field_missing", name)
    order_id, cart_id = values.get("externalid"), values.get("externalcheckoutid")
    if bool(order_id) == bool(cart_id):
        raise invalid(
            "Provide externalid or externalcheckoutid.", "field_invalid", "externalid"
        )
    connection = call.account.need("connections", values["connectionid"])
    call.account.need("ecomCustomers", values["customerid"])
    if order_id and shop.order_of(call.account, connection["id"], order_id):
        title = "The e-commerce order already exists in the system."
        status = call.options.duplicate_order_status
        raise invalid(title, "duplicate", "externalid", status=status)


def whole(call, order):
    """An order with its products and discounts beside it; money as numbers."""
    products = [call.account["ecomOrderProducts"][key] for key in order["_products"]]
    discounts = [call.account["ecomOrderDiscounts"][key] for key in order["_discounts"]]
    amounts = ("totalPrice", "shippingAmount", "taxAmount", "discountAmount")
    numbers = {name: number(order.get(name)) for name in (*amounts, "totalProducts")}
    ids = {
        "orderProducts": [str(row["id"]) for row in products],
        "orderDiscounts": [str(row["id"]) for row in discounts],
    }
    return {
        "ecomOrderProducts": call.show_all("ecomOrderProducts", products),
        "ecomOrderDiscounts": call.show_all("ecomOrderDiscounts", discounts),
        "ecomOrder": call.show("ecomOrders", order) | numbers | ids,
    }


def update_order(call):
    """PUT /ecomOrders/{id}: products are replaced and get new ids."""
    order = call.record("ecomOrders")
    shop.change_order(call.account, order, call.envelope("ecomOrder"))
    return 200, whole(call, order)


def list_orders(call):
    """GET /ecomOrders by the documented filters and orders."""
    found = call.account.where("ecomOrders", **pick(call.filters(), ORDER_FILTERS))
    for name, direction in call.orders().items():
        column = "externalCreatedDate" if name == "external_created_date" else name
        found.sort(key=lambda row: str(row.get(column)), reverse=direction == "DESC")  # noqa: B023
    return 200, call.many("ecomOrders", found)


def delete_order(call):
    """DELETE /ecomOrders/{id}."""
    shop.delete_order(call.account, call.record("ecomOrders"))
    return 200, {}


def products_of(call):
    """GET /ecomOrders/{id}/orderProducts."""
    order = call.record("ecomOrders")
    rows = [call.account["ecomOrderProducts"][key] for key in order["_products"]]
    return 200, {"ecomOrderProducts": call.show_all("ecomOrderProducts", rows)}


ROUTES = [
    ("POST", "/connections", connect),
    listing("connections", ("service", "externalid")),
    read("connections"),
    ("PUT", "/connections/{id}", reconnect),
    remove("connections"),
    ("POST", "/ecomCustomers", create_customer),
    ("GET", "/ecomCustomers", list_customers),
    ("GET", "/ecomCustomers/{id}", read_customer),
    ("PUT", "/ecomCustomers/{id}", update_customer),
    remove("ecomCustomers"),
    ("POST", "/ecomOrders", create_order),
    ("GET", "/ecomOrders", list_orders),
    read("ecomOrders"),
    ("PUT", "/ecomOrders/{id}", update_order),
    ("DELETE", "/ecomOrders/{id}", delete_order),
    ("GET", "/ecomOrders/{id}/orderProducts", products_of),
    listing("ecomOrderProducts"),
    read("ecomOrderProducts"),
]
