"""Orders and products of the GraphQL interface. Money here is decimal units.

Orders are copied to the REST orders (in cents) in the background; never the other way.
"""

from . import people, shop
from .errors import Refused

STATES = (
    "PENDING COMPLETED ABANDONED RECOVERED WAITING CANCELLED REFUNDED FAILED RETURNED "
    "PENDING_PAYMENT"
).split()


class Invalid(Exception):
    """Values that break a rule: `problems` is `{key: reason}`."""

    def __init__(self, problems):
        super().__init__("Validation errors")
        self.problems = problems


def check(account, rows, name, required):
    """Raise `Invalid` for rows without a required value or with an unknown connection."""
    problems = {}
    for row in rows:
        label = f"{name}-{row.get(name)}-"
        for column in required:
            if row.get(column) in (None, ""):
                problems[label + column] = "must not be null"
        if account.get("connections", row["legacyConnectionId"]) is None:
            problems[label + "legacyConnectionId"] = "connection does not exist"
    if problems:
        raise Invalid(problems)


def refuse(rows, name, refused):
    """Raise `Invalid` for rows that this account refuses for reasons of its own."""
    bad = {row.get(name) for row in rows} & set(refused)
    if bad:
        raise Invalid({f"{name}-{key}-email": "is not acceptable" for key in bad})


def key_of(row, name):
    """What makes an order or product unique: connection and the shop's own id."""
    return f"{row['legacyConnectionId']}|{row[name]}"


def upsert(account, plural, row, name):
    """Store a row: keys that are given replace, None clears, the rest stays."""
    key = key_of(row, name)
    known = account[plural].lookup(key)
    if known:
        account.change(plural, known, **row)
        return known
    return account.add(plural, _key=key, **row)


# ---------------------------------------------------------------------------- orders

ORDER_REQUIRED = ("storeOrderId", "storeCreatedDate", "finalAmount")


def upsert_orders(account, rows, later, latency):
    """Store orders; contact and customer at once, the REST copy after `latency`."""
    check(account, rows, "storeOrderId", ORDER_REQUIRED)
    orders = []
    for row in rows:
        person = row.pop("customerData", None) or {}
        record = upsert(account, "graphqlOrders", row, "storeOrderId")
        if record.get("email"):
            customer_of(account, record, person)
        orders.append(record)
    later(latency, copy_all, account, orders)
    return orders


def customer_of(account, order, person):
    """Contact and customer of an order, with names from the best place."""
    places = (
        person,
        order.get("shippingAddress") or {},
        order.get("billingAddress") or {},
    )
    names = {
        name: next((p[name] for p in places if p.get(name)), "")
        for name in people.NAMES
    }
    names = {name: value for name, value in names.items() if value}
    contact = shop.contact_of(account, names | {"email": order["email"]})
    people.edit_contact(account, contact, names)
    connection, external = order["legacyConnectionId"], order.get("storeCustomerId")
    known = shop.customer_of(account, connection, external, order["email"])
    values = {"connectionid": connection, "externalid": external or order["email"]}
    values |= {"acceptsMarketing": "1" if order.get("acceptsMarketing") else "0"}
    return known or shop.add_customer(account, values | {"email": order["email"]})


def copy_all(account, orders):
    """Write orders to the REST store."""
    for order in orders:
        copy(account, order)


def copy(account, order):
    """One order in the words and cents of the REST interface."""
    connection = order["legacyConnectionId"]
    known = shop.order_of(account, connection, order["storeOrderId"])
    values = rest_values(account, order)
    if known:
        shop.change_order(account, known, values)
    else:
        shop.add_order(account, values)


def rest_values(account, order):
    """An order as a REST body."""
    connection = order["legacyConnectionId"]
    email = order.get("email") or ""
    customer = shop.customer_of(
        account, connection, order.get("storeCustomerId"), email
    )
    items = order.get("lineItems") or []
    return {
        "externalid": order["storeOrderId"],
        "connectionid": connection,
        "customerid": customer and customer["id"],
        "source": "1" if order.get("creationSource") == "REAL_TIME" else "0",
        "state": STATES.index(order.get("normalizedStatus") or "COMPLETED"),
        "email": email,
        "orderNumber": order.get("orderNumber") or "",
        "orderUrl": order.get("orderUrl") or "",
        "shippingMethod": order.get("shippingMethod") or "",
        "currency": order.get("currency") or "",
        "totalPrice": cents(order["finalAmount"]),
        "shippingAmount": cents(order.get("shippingAmount")),
        "discountAmount": cents(order.get("discountsAmount")),
        "taxAmount": cents(order.get("taxAmount")),
        "externalCreatedDate": order["storeCreatedDate"],
        "externalUpdatedDate": order.get("storeModifiedDate"),
        "orderProducts": [rest_product(item) for item in items],
    }


def rest_product(item):
    """A line item as a REST product."""
    external = item.get("storeBaseProductId") or item.get("productStorePrimaryId")
    columns = ("name", "quantity", "category", "sku", "imageUrl", "productUrl")
    found = {name: item[name] for name in columns if item.get(name) is not None}
    return found | {"externalid": external, "price": cents(item.get("priceAmount"))}


def cents(amount):
    """Decimal units as whole cents."""
    return round(100 * float(amount or 0))


# -------------------------------------------------------------------------- products


def upsert_products(account, rows):
    """Store products by connection and `storePrimaryId`."""
    check(account, rows, "storePrimaryId", ("storePrimaryId",))
    return [upsert(account, "products", row, "storePrimaryId") for row in rows]


def create_product(account, row):
    """A new product; a known one is refused."""
    check(account, [row], "storePrimaryId", ("storePrimaryId",))
    if account["products"].lookup(key_of(row, "storePrimaryId")):
        label = f"storePrimaryId-{row['storePrimaryId']}"
        raise Invalid({label: "product already exists"})
    return upsert(account, "products", row, "storePrimaryId")


def product(account, record_id):
    """A product by id or None."""
    try:
        return account.need("products", record_id)
    except Refused:
        return None
