"""Invented products and confirmed orders, many and fast."""

from .account import Account

PRICES = (19.99, 250, 1.05)
QUANTITIES = (3, 1, 7)
DISCOUNTS = (0, 10, 0)
PATTERNS = 7
"""Orders that Odoo itself makes; the others are copies of them."""

# LATERAL: the record is made once a row, not once a column.
COPY = """
CREATE TEMP TABLE made AS
SELECT nextval('sale_order_id_seq') AS id, o.id AS pattern, p.id AS buyer,
    'B' || lpad(n::text, 6, '0') AS name
FROM generate_series(1, %(count)s) n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
          FROM sale_order WHERE id = ANY(%(patterns)s)) o
        ON o.place = n %% cardinality(%(patterns)s)
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place,
              count(*) OVER () AS everybody
          FROM res_partner WHERE email LIKE 'person_%%@example.com') p
        ON p.place = n %% p.everybody;
INSERT INTO sale_order
SELECT r.* FROM made m JOIN sale_order o ON o.id = m.pattern
    CROSS JOIN LATERAL jsonb_populate_record(o, jsonb_build_object(
        'id', m.id, 'name', m.name, 'partner_id', m.buyer,
        'partner_invoice_id', m.buyer, 'partner_shipping_id', m.buyer)) r;
INSERT INTO sale_order_line
SELECT r.* FROM made m JOIN sale_order_line l ON l.order_id = m.pattern
    CROSS JOIN LATERAL jsonb_populate_record(l, jsonb_build_object(
        'id', nextval('sale_order_line_id_seq'), 'order_id', m.id,
        'order_partner_id', m.buyer)) r;
ANALYZE sale_order;
ANALYZE sale_order_line
"""


def fill_orders(account: Account, count: int) -> None:
    """Put `count` confirmed orders with three lines each into the database.

    They belong in turn to the people of `people.fill`. The first few are made by Odoo
    and copied by SQL: it is the connector that is measured.
    """
    patterns = make_orders(account, min(count, PATTERNS))
    account.server.call("sale.order", "action_confirm", patterns)
    account.sql(COPY, {"count": count - len(patterns), "patterns": patterns})


def make_orders(account: Account, count: int) -> list[int]:
    """Have Odoo make quotations with three lines; return their ids."""
    call = account.server.call
    products = make_products(account, len(PRICES))
    people = call("res.partner", "search", [("email", "=like", "person_%")], limit=100)
    quotations = [
        {
            "partner_id": people[number % len(people)],
            "order_line": [(0, 0, line) for line in _lines(products, number)],
        }
        for number in range(count)
    ]
    return call("sale.order", "create", quotations)


def _lines(products: list[int], number: int) -> list[dict]:
    """Three lines whose prices depend on the number of the order."""
    return [
        {
            "product_id": product,
            "product_uom_qty": quantity,
            "price_unit": price + number,
            "discount": discount,
        }
        for product, price, quantity, discount in zip(
            products, PRICES, QUANTITIES, DISCOUNTS, strict=True
        )
    ]


def make_products(account: Account, count: int) -> list[int]:
    """Have Odoo make products without taxes; return the ids of their variants."""
    values = [
        {
            "name": f"Product {number}",
            "default_code": f"P{number:05}",
            "list_price": 10 + number,
            "taxes_id": [(6, 0, [])],
        }
        for number in range(count)
    ]
    return account.server.call("product.product", "create", values)


def fill_catalogue(account: Account, templates: int, sizes: int, colours: int) -> None:
    """Have Odoo make products with a variant for each size and colour."""
    call = account.server.call
    lines = [_attribute(call, "Size", sizes), _attribute(call, "Colour", colours)]
    values = [
        {
            "name": f"Garment {number}",
            "list_price": 10 + number,
            "description_sale": f"Garment {number}, washable.",
            "attribute_line_ids": lines,
        }
        for number in range(templates)
    ]
    for start in range(0, templates, 20):
        call("product.template", "create", values[start : start + 20])


def _attribute(call, name: str, count: int) -> tuple:
    """Make an attribute; return the command that gives a product all its values."""
    attribute = call("product.attribute", "create", {"name": name})
    names = [f"{name} {number}" for number in range(count)]
    values = [{"name": each, "attribute_id": attribute} for each in names]
    ids = call("product.attribute.value", "create", values)
    return (0, 0, {"attribute_id": attribute, "value_ids": [(6, 0, ids)]})
