"""Customers, orders and carts of connected shops. Money here is whole cents."""

from . import people
from .account import number

ORDER_COLUMNS = (
    "externalid externalcheckoutid source email orderUrl externalCreatedDate "
    "externalUpdatedDate shippingMethod totalPrice shippingAmount taxAmount "
    "discountAmount currency orderNumber connectionid customerid abandonedDate"
).split()
PRODUCT_COLUMNS = (
    "externalid name price quantity category sku description imageUrl productUrl"
).split()
PENDING, COMPLETED, ABANDONED, RECOVERED = 0, 1, 2, 3
REAL_TIME = "1"


def add_customer(account, values):
    """A customer of a connection, and the contact with that e-mail."""
    columns = ("connectionid", "externalid", "email", "acceptsMarketing")
    given = {name: values[name] for name in columns if name in values}
    given |= {"connectionid": number(given.get("connectionid"))}
    customer = account.add("ecomCustomers", tstamp=account.iso(), _orders={})
    change_customer(account, customer, given)
    contact_of(account, values)
    return customer


def change_customer(account, customer, values):
    """Change a customer, findable by the shop's id and by e-mail."""
    merged = customer | values
    shop = merged["connectionid"]
    found = {"_by_id": merged.get("externalid"), "_by_email": merged.get("email")}
    keys = {name: f"{shop}|{value}" for name, value in found.items()}
    account.change("ecomCustomers", customer, **values, **keys, connection=shop)


def contact_of(account, values):
    """The contact of a customer or order, made if need be; it joins no list."""
    email = people.normal(values.get("email"))
    known = account["contacts"].lookup(email)
    return known or people.create_contact(account, values | {"email": email})


def customer_of(account, connectionid, externalid, email):
    """A customer by the shop's id or by e-mail, or None."""
    customers = account["ecomCustomers"]
    return customers.lookup(f"{connectionid}|{externalid}") or customers.lookup(
        f"{connectionid}|{email}", "_by_email"
    )


def order_of(account, connectionid, externalid):
    """An order by the shop's id, or None."""
    return account["ecomOrders"].lookup(f"{connectionid}|{externalid}")


def add_order(account, values):
    """A new order or cart; a real-time order starts automations."""
    stamps = {name: account.iso() for name in ("createdDate", "updatedDate", "tstamp")}
    order = account.add("ecomOrders", _products=[], _discounts=[], **stamps)
    order["state"] = state_of(order, values)
    store(account, order, values)
    if order["state"] == COMPLETED:
        start_purchase(account, order)
    return order


def state_of(order, values):
    """Orders are completed, carts pending or abandoned, unless a state is given."""
    if values.get("state") is not None:
        return values["state"]
    if values.get("externalid"):
        return RECOVERED if order.get("state") == ABANDONED else COMPLETED
    return ABANDONED if values.get("abandonedDate") else PENDING


def change_order(account, order, values):
    """Change an order; a cart becomes one by getting an `externalid`."""
    becomes = values.get("externalid") and not order.get("externalid")
    if becomes or "state" in values:
        order["state"] = state_of(order, values)
    store(account, order, values)
    if becomes:
        start_purchase(account, order)


def store(account, order, values):
    """Take over columns and, when given, replace products and discounts."""
    order |= {name: values[name] for name in ORDER_COLUMNS if name in values}
    connection, customer = number(order.get("connectionid")), order.get("customerid")
    keys = {"connectionid": connection, "connection": connection, "customer": customer}
    if order.get("externalid"):
        keys["_key"] = f"{connection}|{order['externalid']}"
    dates = {"orderDate": order.get("externalCreatedDate")}
    dates |= {name: account.iso() for name in ("updatedDate", "tstamp")}
    account.change("ecomOrders", order, **keys, **dates)
    buyer = account.get("ecomCustomers", customer)
    if buyer:
        buyer["_orders"][order["id"]] = True
    if "orderProducts" in values:
        replace_products(account, order, values["orderProducts"] or [])
    if "orderDiscounts" in values:
        replace_discounts(account, order, values["orderDiscounts"] or [])


def replace_products(account, order, rows):
    """New products with new ids in place of the old ones."""
    for key in order["_products"]:
        account.drop("ecomOrderProducts", account["ecomOrderProducts"][key])
    order["_products"] = [add_product(account, order, row)["id"] for row in rows]
    order["totalProducts"] = sum(number(row.get("quantity")) for row in rows)


def add_product(account, order, row):
    """One line of an order."""
    stamps = {name: account.iso() for name in ("createdDate", "updatedDate", "tstamp")}
    given = {name: row[name] for name in PRODUCT_COLUMNS if name in row}
    owner = {"orderid": order["id"], "connectionid": order["connectionid"]}
    return account.add(
        "ecomOrderProducts", **owner, **given, **stamps, ecomOrder=order["id"]
    )


def replace_discounts(account, order, rows):
    """New discounts in place of the old ones."""
    for key in order["_discounts"]:
        account.drop("ecomOrderDiscounts", account["ecomOrderDiscounts"][key])
    stamps = {name: account.iso() for name in ("createdDate", "updatedDate")}
    order["_discounts"] = [
        account.add("ecomOrderDiscounts", orderid=order["id"], **stamps, **row)["id"]
        for row in rows
    ]


def delete_order(account, order):
    """Remove an order with its products and discounts."""
    replace_products(account, order, [])
    replace_discounts(account, order, [])
    account.drop("ecomOrders", order)


def start_purchase(account, order):
    """Only real-time orders start automations; historical ones never do."""
    if str(order.get("source")) == REAL_TIME:
        contact = contact_of(account, order)
        people.start_automations(account, contact, "purchase")


def totals(account, customer):
    """What a customer has bought, in cents, from completed and recovered orders."""
    found = [account.get("ecomOrders", key) for key in customer["_orders"]]
    orders = [o for o in found if o and o["state"] in (COMPLETED, RECOVERED)]
    revenue = sum(number(order.get("totalPrice")) for order in orders)
    return {
        "totalRevenue": str(revenue),
        "totalOrders": str(len(orders)),
        "totalProducts": str(sum(number(o.get("totalProducts")) for o in orders)),
        "avgRevenuePerOrder": str(revenue // len(orders)) if orders else "0",
    }
