# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an e-commerce order consists of, so that its amounts prove out to the cent."""

from collections import namedtuple
from decimal import ROUND_HALF_UP, Decimal

from . import text

NAME_LENGTH = 250
"""Characters of an item's name (SPEC of the product; AC's own is not documented)."""
PRICE_DIGITS = Decimal("0.000001")
"""Of a unit price that is no whole number of cents."""

Cart = namedtuple("Cart", ["base_url", "published"])
"""How products are linked: the shop's address, whether they have a page there."""


def amounts_of(order, refunded, cart):
    """Return the amounts, items and discounts of an order (see `mapping.order`).

    :param refunded: what was paid back of it, in its currency
    """
    digits = order.currency_id.decimal_places
    lines = [line for line in order.order_line if not line.display_type]
    goods = [line for line in lines if not _is_shipping(line)]
    items, discounts = [], []
    for line in goods:
        _add(line, items, discounts, cart, digits)
    shipping = _shipping([line for line in lines if _is_shipping(line)], discounts)
    if refunded:
        discounts.append(_discount("Refund", money(refunded, digits)))
    tax = money(order.amount_tax, digits)
    final = money(order.amount_total, digits) - money(refunded, digits)
    missing = final - (total(items, digits) + shipping + tax - _sum(discounts))
    _balance(missing, items, discounts)
    return {
        "finalAmount": float(final),
        "taxAmount": float(tax),
        "shippingAmount": float(shipping),
        "discountsAmount": float(_sum(discounts)),
        "discounts": [
            {**each, "discountAmount": float(each["discountAmount"])}
            for each in discounts
        ],
        "lineItems": [
            {**each, "priceAmount": float(each["priceAmount"])} for each in items
        ],
    }


def money(amount, digits):
    """Return an exact amount in the currency's decimals."""
    return Decimal(str(amount)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def total(items, digits):
    """Return what the items cost, each rounded as the shop rounds its lines."""
    return sum(
        (money(item["priceAmount"] * item["quantity"], digits) for item in items),
        Decimal(0),
    )


def _sum(discounts):
    return sum((each["discountAmount"] for each in discounts), Decimal(0))


def _is_shipping(line):
    """`is_delivery` comes with the app for shipping methods."""
    return "is_delivery" in line._fields and line.is_delivery


def _shipping(lines, discounts):
    """Return what shipping costs; what is taken off it becomes a discount."""
    shipping = Decimal(0)
    for line in lines:
        amount = money(line.price_subtotal, line.currency_id.decimal_places)
        if amount < 0:
            discounts.append(_discount(_name(line), -amount, "SHIPPING"))
        else:
            shipping += amount
    return shipping


def _add(line, items, discounts, cart, digits):
    """Add a line: down payments and lines of nothing are no items, a negative one is a
    discount."""
    subtotal = money(line.price_subtotal, digits)
    if subtotal < 0:
        discounts.append(_discount(_name(line), -subtotal))
    elif line.product_uom_qty > 0 and not line.is_downpayment:
        item, gross = _item(line, subtotal, digits)
        items.append({**item, **_product(line.product_id, cart)})
        if gross > subtotal:
            percent = f"{line.discount:g} % {item['name']}"[:NAME_LENGTH]
            discounts.append(_discount(percent, gross - subtotal))


def _item(line, subtotal, digits):
    """Return ``(item, what it costs without its discount)``."""
    quantity = Decimal(str(line.product_uom_qty))
    price, gross = _price(line, subtotal, quantity, digits)
    name = _name(line)
    if quantity != int(quantity):  # ActiveCampaign counts in whole pieces
        name = f"{quantity.normalize():f} × {name}"[:NAME_LENGTH]
        price, quantity = gross, 1
    item = {
        "name": name,
        "quantity": int(quantity),
        "priceAmount": price,
        "storeLineItemId": str(line.id),
    }
    return item, gross


def _price(line, subtotal, quantity, digits):
    """Return ``(unit price, gross)`` without tax and before the discount.

    The line's own price, if that has no tax in it; else what the subtotal says.
    """
    unit = Decimal(str(line.price_unit))
    share = 1 - Decimal(str(line.discount)) / 100
    if share <= 0 or abs(unit * quantity * share - subtotal) <= _half(digits):
        return unit, money(unit * quantity, digits)
    gross = money(subtotal / share, digits)
    return (gross / quantity).quantize(PRICE_DIGITS, ROUND_HALF_UP), gross


def _half(digits):
    return Decimal(1).scaleb(-digits) / 2


def _product(product, cart):
    """Return what an item says of its product; a line whose product is gone has none."""
    if not product:
        return {}
    values = {
        "productStorePrimaryId": str(product.id),
        "storeBaseProductId": str(product.product_tmpl_id.id),
        "sku": text.clean(product.default_code),
        "category": text.clean(product.categ_id.complete_name),
        **(_pages(product, cart) if cart.published else {}),
    }
    return {key: value for key, value in values.items() if value}


def _pages(product, cart):
    """Return the links of a product that visitors of the website may see."""
    if not product.is_published:
        return {}
    image = f"/web/image/product.product/{product.id}/image_512"
    return {
        "productUrl": f"{cart.base_url}{product.website_url}",
        "imageUrl": f"{cart.base_url}{image}",
    }


def _name(line):
    """Return the first line of what the order says: it outlives the product."""
    first = (line.name or "").strip().partition("\n")[0]
    return text.clean(first, NAME_LENGTH) or "-"


def _discount(name, amount, kind="ORDER"):
    return {"name": name, "type": kind, "discountAmount": amount}


def _balance(missing, items, discounts):
    """Tell the cents by which Odoo's total differs from its lines, where taxes are
    rounded for the whole order."""
    if missing < 0:
        discounts.append(_discount("Rounding", -missing))
    elif missing:
        items.append({"name": "Rounding", "quantity": 1, "priceAmount": missing})
