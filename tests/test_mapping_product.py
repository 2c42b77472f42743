"""What a variant is in ActiveCampaign's catalogue."""

from types import SimpleNamespace

import pytest

from mapping import product
from mapping.product import CatalogueFacts, Entry
from mapping.skip import Skip


def variant(**values):
    template = SimpleNamespace(id=7)
    given = {"default_code": False, "barcode": False, "product_tmpl_id": template}
    return SimpleNamespace(**{"id": 11, **given, **values})


def mapped(entry=None, withdrawn=(), **values):
    entry = entry or Entry(name="Engine", variant="Engine (Red)")
    facts = CatalogueFacts(entries={11: entry}, withdrawn=frozenset(withdrawn))
    return product.to_ac(variant(**values), facts)


def test_empty_values_are_cleared():
    row = product.as_input(mapped(), "3")
    assert row["legacyConnectionId"] == 3
    assert (row["storePrimaryId"], row["storeBaseProductId"]) == ("11", "7")
    cleared = {key for key, value in row.items() if value is None}
    assert {
        "variantSku",
        "upc",
        "categories",
        "variantImages",
        "stockStatus",
    } <= cleared
    assert "key" not in row


def test_nothing_and_no_are_values():
    entry = Entry(name="Gift", variant="Gift", price=0.0, visible=False)
    row = product.as_input(mapped(entry), "3")
    assert row["variantPriceAmount"] == 0.0
    assert (row["isVisible"], row["isDeleted"]) == (False, False)


def test_what_is_withdrawn_keeps_its_words_over_there():
    row = product.as_input(mapped(withdrawn=[11]), "3")
    assert row == {
        "legacyConnectionId": 3,
        "storePrimaryId": "11",
        "isDeleted": True,
        "isVisible": False,
    }


def test_a_name_that_nobody_can_see():
    with pytest.raises(Skip) as skipped:
        mapped(Entry(name="\u200b <b></b>", variant=""))
    assert skipped.value.reason == "no_name"


def test_long_and_odd_text():
    entry = Entry(
        name="<i>发动机</i> 🚂",
        variant="v" * 999,
        description="d" * 9999,
        categories=("A", " A ", "", "B"),
        tags=("z", "a", "z"),
    )
    payload = mapped(entry, default_code="  X\x00Y ")
    assert payload["baseProductName"] == "发动机 🚂"
    assert len(payload["variantName"]) == product.NAME_LENGTH
    assert len(payload["baseProductDescription"]) == product.DESCRIPTION_LENGTH
    assert (payload["categories"], payload["tags"]) == (["A", "B"], ["a", "z"])
    assert payload["variantSku"] == "X Y"


@pytest.mark.parametrize(
    ("counted", "quantity", "sells_without", "expected"),
    [
        (False, 0, False, "IN_STOCK"),
        (True, 2, False, "IN_STOCK"),
        (True, 0, False, "OUT_OF_STOCK"),
        (True, -3, True, "BACKORDER"),
    ],
)
def test_stock_status(counted, quantity, sells_without, expected):
    assert product.stock_status(counted, quantity, sells_without) == expected
