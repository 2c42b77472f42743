# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An order's amounts prove out to the cent, in units and in cents."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace

import pytest

from mapping.order import OrderFacts, as_graphql, to_ac
from mapping.order_rest import as_rest
from mapping.skip import Skip

MOMENT = datetime(2026, 1, 2, 10, 0, 0)


class Record(SimpleNamespace):
    """What a mapping sees of an Odoo record: attributes, false when it has no id."""

    _fields = {"is_delivery"}

    def __bool__(self):
        return bool(self.id)


class Currency(Record):
    def compare_amounts(self, one, other):
        return round(one - other, self.decimal_places) or 0


def currency(name="EUR", digits=2):
    return Currency(id=1, name=name, decimal_places=digits)


def partner(**values):
    blank = dict.fromkeys(
        ("phone", "street", "street2", "city", "zip", "commercial_company_name"), False
    )
    given = {"id": 7, "name": "Ada Lovelace", "email": "Ada@Example.com", **values}
    nowhere = Record(id=False, name=False, code=False)
    record = Record(**blank, **given, state_id=nowhere, country_id=nowhere)
    record.commercial_partner_id = record
    return record


def product(**values):
    template, category = Record(id=70), Record(id=1, complete_name="All / Tools")
    return Record(
        id=80,
        product_tmpl_id=template,
        categ_id=category,
        default_code="T-1",
        **values,
    )


def line(unit, quantity=1, discount=0, subtotal=None, **values):
    if subtotal is None:
        share = 1 - Decimal(str(discount)) / 100
        exact = Decimal(str(unit)) * Decimal(str(quantity)) * share
        subtotal = float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
    given = {
        "id": 5,
        "name": "Hammer\nof steel",
        "product_id": product(),
        "is_delivery": False,
        "is_downpayment": False,
        "display_type": False,
        "currency_id": currency(),
        **values,
    }
    return Record(
        price_unit=unit,
        product_uom_qty=quantity,
        discount=discount,
        price_subtotal=subtotal,
        **given,
    )


def order(*lines, tax=0.0, state="sale", total=None, **values):
    untaxed = sum(each.price_subtotal for each in lines)
    buyer = partner()
    given = {"currency_id": currency(), **values}
    return Record(
        id=17,
        name="S00017",
        state=state,
        date_order=MOMENT,
        partner_id=buyer,
        partner_invoice_id=buyer,
        partner_shipping_id=buyer,
        order_line=list(lines),
        amount_tax=tax,
        amount_total=round(untaxed + tax if total is None else total, 3),
        **given,
    )


def mapped(record, **facts):
    return to_ac(record, OrderFacts(contacts={7: "1"}, base_url="https://x", **facts))


def proof(payload, digits=2):
    """Return what the parts of a payload make together."""
    cent = Decimal(1).scaleb(-digits)

    def exact(amount):
        return Decimal(str(amount)).quantize(cent, ROUND_HALF_UP)

    items = sum(
        exact(Decimal(str(item["priceAmount"])) * item["quantity"])
        for item in payload["lineItems"]
    )
    parts = exact(payload["shippingAmount"]) + exact(payload["taxAmount"])
    return items + parts - exact(payload["discountsAmount"])


def cents(values):
    items = sum(each["price"] * each["quantity"] for each in values["orderProducts"])
    parts = values["shippingAmount"] + values["taxAmount"]
    return items + parts - values["discountAmount"]


SUMS = {
    "plain": ([line(10.0, 3)], 5.7),
    "discount": ([line(10.0, 3, 33.33)], 3.8),
    "free": ([line(10.0, 2, 100)], 0.0),
    "tiny prices": ([line(0.0055, 1000)], 0.0),
    "price with tax in it": ([line(19.99, 3, subtotal=50.39)], 9.58),
    "price with tax and discount": ([line(19.99, 3, 10, subtotal=45.35)], 8.62),
    "parts of pieces": ([line(7.77, 2.5)], 0.33),
    "a line that takes off": ([line(10.0, 2), line(-5.0)], 2.85),
    "shipping": ([line(10.0), line(4.9, is_delivery=True)], 2.83),
    "free shipping": (
        [line(9.0), line(4.9, is_delivery=True), line(-4.9, is_delivery=True)],
        1.7,
    ),
    "nothing": ([], 0.0),
}


@pytest.mark.parametrize("name", SUMS)
def test_amounts_prove_out(name):
    lines, tax = SUMS[name]
    record = order(*lines, tax=tax)
    payload = mapped(record)
    assert proof(payload) == Decimal(str(payload["finalAmount"])).quantize(
        Decimal("0.01")
    )
    assert payload["finalAmount"] == pytest.approx(record.amount_total)
    rest = as_rest(payload, "1", "2", "HISTORICAL", "now")
    assert cents(rest) == rest["totalPrice"] == round(record.amount_total * 100)


@pytest.mark.parametrize("difference", [-0.01, 0.01, 0.02])
def test_taxes_rounded_for_the_whole_order(difference):
    record = order(line(10.0), tax=1.9, total=11.9 + difference)
    payload = mapped(record)
    assert float(proof(payload)) == payload["finalAmount"]


@pytest.mark.parametrize("code, digits", [("JPY", 0), ("EUR", 2), ("KWD", 3)])
def test_currencies(code, digits):
    money = currency(code, digits)
    unit = 1234.567 if digits == 3 else 1234
    record = order(
        line(unit, 3, subtotal=unit * 3, currency_id=money), currency_id=money
    )
    payload = mapped(record)
    assert payload["currency"] == code
    assert float(proof(payload, digits)) == payload["finalAmount"] == unit * 3


def test_item_without_product_keeps_its_name():
    gone = Record(id=False)
    (item,) = mapped(order(line(5.0, product_id=gone)))["lineItems"]
    assert item["name"] == "Hammer"
    assert "productStorePrimaryId" not in item


def test_item_says_what_it_is():
    (item,) = mapped(order(line(5.0, 2)))["lineItems"]
    assert item == {
        "name": "Hammer",
        "quantity": 2,
        "priceAmount": 5.0,
        "storeLineItemId": "5",
        "productStorePrimaryId": "80",
        "storeBaseProductId": "70",
        "sku": "T-1",
        "category": "All / Tools",
    }


def test_sections_and_down_payments_are_no_items():
    section = line(0.0, 0, display_type="line_section")
    down = line(50.0, 0, is_downpayment=True)
    assert len(mapped(order(section, line(5.0), down))["lineItems"]) == 1


def test_discounts_are_named():
    (discount,) = mapped(order(line(10.0, 2, 25)))["discounts"]
    assert discount == {"name": "25 % Hammer", "type": "ORDER", "discountAmount": 5.0}


@pytest.mark.parametrize("state", ["draft", "sent", "cancel"])
def test_what_was_never_confirmed_is_skipped(state):
    with pytest.raises(Skip) as caught:
        mapped(order(line(5.0), state=state))
    assert caught.value.reason == "not_confirmed"


@pytest.mark.parametrize(
    "state, status", [("draft", "PENDING"), ("cancel", "CANCELLED")]
)
def test_what_is_over_there_follows(state, status):
    record = order(line(5.0), state=state)
    assert mapped(record, linked=frozenset([17]))["normalizedStatus"] == status


def test_partial_refund_lowers_the_amount():
    payload = mapped(order(line(100.0), tax=19.0), refunds={17: 23.8})
    assert payload["finalAmount"] == 95.2
    assert payload["normalizedStatus"] == "COMPLETED"
    assert payload["storeStatus"] == "Partially Refunded"
    assert payload["discounts"][-1]["name"] == "Refund"
    assert float(proof(payload)) == 95.2


def test_full_refund_is_a_status():
    payload = mapped(order(line(100.0), tax=19.0), refunds={17: 119.0})
    assert payload["normalizedStatus"] == "REFUNDED"
    assert payload["finalAmount"] == 119.0
    rest = as_rest(payload, "1", "2", "HISTORICAL", "now")
    assert rest["totalPrice"] == cents(rest) == 0


def test_graphql():
    sent = as_graphql(mapped(order(line(5.0))), "3", "REAL_TIME", MOMENT)
    assert sent["storeOrderId"] == "17"
    assert sent["legacyConnectionId"] == 3
    assert sent["storeCreatedDate"] == "2026-01-02T10:00:00Z"
    assert sent["email"] == "ada@example.com"
    assert "key" not in sent


def test_cart_has_another_key_and_a_date():
    payload = mapped(order(line(5.0), state="draft"), carts={17: MOMENT})
    rest = as_rest(payload, "1", "2", "REAL_TIME", "now")
    assert rest["externalcheckoutid"] == "17"
    assert rest["abandonedDate"] == "2026-01-02T10:00:00Z"
    assert "externalid" not in rest


def test_names_are_cut_and_cleaned():
    long = line(5.0, name="<b>Ünï</b> " + 400 * "x")
    (item,) = mapped(order(long))["lineItems"]
    assert item["name"].startswith("Ünï x")
    assert len(item["name"]) <= 250
