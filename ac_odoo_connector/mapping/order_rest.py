# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An e-commerce order or cart for the REST interface: whole cents (OAS create-order).

REST has no status of cancelled or refunded orders. Their amount becomes zero by a
discount, so that no revenue is left.
"""

from decimal import ROUND_CEILING, Decimal

from .order_lines import NAME_LENGTH

WORTHLESS = ("CANCELLED", "REFUNDED")
PRODUCT = {
    "name": "name",
    "quantity": "quantity",
    "sku": "sku",
    "category": "category",
    "imageUrl": "imageUrl",
    "productUrl": "productUrl",
}


def as_rest(payload, connection, customer, source, modified):
    """Spell a payload as `ecomOrder`.

    :param customer: AC id of the e-commerce customer
    :param source: "HISTORICAL" or "REAL_TIME"
    :param modified: what to say as the date of the last change
    """
    products = [_product(item) for item in payload["lineItems"]]
    discounts = [_discount(each) for each in payload["discounts"]]
    final = _cents(payload["finalAmount"])
    if payload["normalizedStatus"] in WORTHLESS:
        final = 0
    amounts = {
        "totalPrice": final,
        "shippingAmount": _cents(payload["shippingAmount"]),
        "taxAmount": _cents(payload["taxAmount"]),
    }
    discounts += _balance(amounts, products, discounts, payload)
    return {
        **_key(payload),
        **amounts,
        "source": "1" if source == "REAL_TIME" else "0",
        "email": payload["email"],
        "orderNumber": payload["orderNumber"],
        "orderUrl": payload["orderUrl"],
        "currency": payload["currency"],
        "externalCreatedDate": payload["storeCreatedDate"],
        "externalUpdatedDate": modified,
        "discountAmount": sum(each["discountAmount"] for each in discounts),
        "orderDiscounts": discounts,
        "orderProducts": products,
        "connectionid": int(connection),
        "customerid": int(customer),
    }


def _key(payload):
    """An order has an `externalid`, a cart another one and the date it was left."""
    if "abandonedDate" in payload:
        return {
            "externalcheckoutid": payload["key"],
            "abandonedDate": payload["abandonedDate"],
        }
    return {"externalid": payload["key"]}


def _product(item):
    """A price that is no whole number of cents is rounded up; see `_balance`."""
    values = {there: item[here] for here, there in PRODUCT.items() if here in item}
    cents = (Decimal(str(item["priceAmount"])) * 100).to_integral(ROUND_CEILING)
    key = item.get("productStorePrimaryId") or item.get("storeLineItemId") or "-"
    return {**values, "externalid": key, "price": int(cents)}


def _discount(each):
    return {
        "name": each["name"],
        "type": each["type"].lower(),
        "discountAmount": _cents(each["discountAmount"]),
    }


def _balance(amounts, products, discounts, payload):
    """Return the discount that makes the cents add up: of rounded prices, or of all that
    a cancelled or refunded order had cost."""
    costs = sum(each["price"] * each["quantity"] for each in products)
    costs += amounts["shippingAmount"] + amounts["taxAmount"]
    surplus = (costs - sum(each["discountAmount"] for each in discounts)) - amounts[
        "totalPrice"
    ]
    if surplus <= 0:
        return []
    worthless = payload["normalizedStatus"] in WORTHLESS
    name = payload["storeStatus"] if worthless else "Rounding"
    return [{"name": name[:NAME_LENGTH], "type": "order", "discountAmount": surplus}]


def _cents(amount):
    return round(Decimal(str(amount)) * 100)
