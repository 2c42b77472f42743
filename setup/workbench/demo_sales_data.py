"""Invented products, quotations and orders, as a shop with some history has them."""

from datetime import date, timedelta

SIMPLE, ARCHIVED, ORDERS = 33, 3, 150
GARMENTS = ["T-Shirt Ümlaut", "Café-Schürze ☕", "Gorra Ñandú", "Шапка зимняя"]
SIZES, COLOURS = ["S", "M", "L"], ["Rød", "Żółty"]
GOODS = ["Tasse", "Crème brûlée", "Øl", "Pão de queijo", "味噌", "Büchse & Co."]
# Every so many orders one is in euros; units of a euro for one dollar, from a day on.
FOREIGN = 10
LONG_AGO, LATELY = date(2020, 1, 1), date.today() - timedelta(days=30)
RATES = {LONG_AGO: 0.8, LATELY: 0.5}
OLD_ORDER = f"{LATELY - timedelta(days=60)} 12:00:00"
UNTAXED = {"taxes_id": [(6, 0, [])]}


def simple_products() -> list[dict]:
    """Values of `product.product` without variants; the last ones are archived."""
    return [
        {
            "name": f"{GOODS[number % len(GOODS)]} {number}",
            "default_code": f"G{number:04}",
            "list_price": number + 0.95,
            "description_sale": f"<Best> of {number} & more",
            "active": number < SIMPLE,
            **UNTAXED,
        }
        for number in range(SIMPLE + ARCHIVED)
    ]


def garments(attribute_lines: list[tuple]) -> list[dict]:
    """Values of `product.template` with a variant for each size and colour."""
    return [
        {
            "name": name,
            "list_price": 20 + number,
            "attribute_line_ids": attribute_lines,
            **UNTAXED,
        }
        for number, name in enumerate(GARMENTS)
    ]


def is_foreign(number: int) -> bool:
    """Whether the order of this number is in euros."""
    return number % FOREIGN == 4


def quotations(
    buyers: list[int], products: list[int], euro_pricelist: int
) -> list[dict]:
    """Values of `sale.order`; the buyers come in turn."""
    return [
        {
            "partner_id": buyers[number * 7 % len(buyers)],
            "order_line": _lines(number, products),
            **({"pricelist_id": euro_pricelist} if is_foreign(number) else {}),
        }
        for number in range(ORDERS)
    ]


def _lines(number: int, products: list[int]) -> list[tuple]:
    lines = [_line(number, place, products) for place in range(1 + number % 4)]
    if number % 3 == 0:
        lines.insert(0, {"display_type": "line_section", "name": "Déjà vu"})
        lines.append({"display_type": "line_note", "name": "Handle with care"})
    return [(0, 0, {**line, "sequence": n}) for n, line in enumerate(lines)]


def _line(number: int, place: int, products: list[int]) -> dict:
    """One line; amounts in euros are whole, so that both rates give exact cents."""
    cents = 0 if is_foreign(number) else 0.49
    return {
        "product_id": products[(number + place * 5) % len(products)],
        "product_uom_qty": 1 + place * 2,
        "price_unit": 10 + number + cents,
        "discount": 12.5 if number % 5 == 2 else 0,
    }
