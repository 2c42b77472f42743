"""What an order is as a deal, and the note of its lines."""

from datetime import datetime
from types import SimpleNamespace as Record

import pytest

from mapping import deal, deal_note
from mapping.deal import DealFacts, Stage
from mapping.money import Amounts
from mapping.skip import Skip, Wait

EUR = Record(name="EUR", rounding=0.01)


def line(name, quantity=1.0, price=0.0, discount=0.0, **values):
    subtotal = quantity * price * (1 - discount / 100)
    values = {"display_type": False, "price_total": 0.0} | values
    return Record(
        name=name,
        product_uom_qty=quantity,
        price_unit=price,
        discount=discount,
        price_subtotal=subtotal,
        product_id=Record(display_name=""),
        **values,
    )


def order(**values):
    return Record(
        **{
            "id": 7,
            "name": "S00007",
            "partner_id": Record(id=3, display_name="Ada"),
            "user_id": Record(id=2),
            "currency_id": EUR,
            "date_order": datetime(2026, 1, 30, 12),
            "commitment_date": False,
            "amount_untaxed": 90.0,
            "amount_total": 108.0,
            "order_line": [],
            **values,
        }
    )


def facts(**values):
    known = {
        "contacts": {3: "33"},
        "stages": {7: Stage("1", "5", 1)},
        "amounts": {7: Amounts(9000, "eur")},
        "title": lambda record: record.name,
        "cycle": 30,
        "base_url": "https://odoo.example.com",
        "roles": {"order_number": "1", "expected_close": "2", "order_link": "3"},
    }
    return DealFacts(**known | values)


def test_payload():
    payload = deal.to_ac(order(), facts(owners={2: "22"}, account_ids={3: "44"}))
    assert payload == {
        "key": "7",
        "title": "S00007",
        "contact": "33",
        "customer": "44",
        "owner": "22",
        "value": 9000,
        "currency": "eur",
        "group": "1",
        "stage": "5",
        "status": 1,
        "fields": {
            "1": "S00007",
            "2": "2026-03-01",
            "3": "https://odoo.example.com/odoo/sale.order/7",
        },
        "currencies": {},
        "secondary": [],
        "note": "",
    }


def test_title_is_cut_cleaned_and_never_empty():
    long = facts(title=lambda record: "Ä<br>" + "ÖÜ" * 300)
    assert len(deal.to_ac(order(), long)["title"]) == 250
    assert deal.to_ac(order(), facts(title=lambda r: " "))["title"] == "S00007"


def test_expected_close_is_the_delivery_date():
    late = order(commitment_date=datetime(2026, 5, 1))
    assert deal.to_ac(late, facts())["fields"]["2"] == "2026-05-01"


@pytest.mark.parametrize(
    ("lacking", "reason"),
    [
        ({"contacts": {}}, "no_contact"),
        ({"stages": {}}, "no_stage"),
        ({"amounts": {}}, "no_rate"),
        ({"amounts": {7: Amounts(-1, "eur")}}, "negative"),
    ],
)
def test_skipped(lacking, reason):
    with pytest.raises(Skip) as skip:
        deal.to_ac(order(), facts(**lacking))
    assert skip.value.reason == reason


def test_waits_for_its_contact():
    with pytest.raises(Wait):
        deal.to_ac(order(), facts(contacts={}, waiting=frozenset({3})))


def payload(**values):
    return deal.to_ac(order(), facts()) | values


def test_a_deal_is_moved_only_when_its_own_stage_changes():
    told = deal.at(payload())
    assert not {"group", "stage", "status"} & deal.as_deal(payload(), (), told).keys()
    won = deal.as_deal(payload(stage="", status=1), (), ["1", "5", 0])
    assert won["status"] == 1
    assert not {"group", "stage"} & won.keys()
    moved = deal.as_deal(payload(stage="6"), (), told)
    assert (moved["group"], moved["stage"]) == ("1", "6")


def test_a_new_deal_without_stage_names_its_pipeline():
    new = deal.as_deal(payload(stage=""))
    assert new["group"] == "1"
    assert "stage" not in new


def test_empty_values_are_sent_only_where_they_were_filled():
    empty = payload(customer="", owner="", fields={"1": "", "2": ""})
    assert deal.as_deal(empty)["fields"] == []
    blanked = deal.as_deal(empty, {"customer", "1", "owner"})
    assert blanked["fields"] == [{"customFieldId": 1, "fieldValue": ""}]
    assert blanked["account"] == ""
    assert "owner" not in blanked


def test_note():
    lines = [
        line("Machines", display_type="line_section"),
        line("Engine <b>5</b> & <3", 2, 50, 10),
        line("With care", display_type="line_note"),
    ]
    assert deal_note.written(order(order_line=lines)).splitlines() == [
        "[Odoo order lines] S00007",
        "Name | Quantity | Unit Price | Discount | Subtotal",
        "== Machines ==",
        "Engine 5 &amp; &lt;3 | 2 | 50.00 | 10% | 90.00",
        "-- With care",
        "Total: 90.00 EUR",
    ]


def test_note_is_ours():
    note = deal_note.written(order(order_line=[line("x")]))
    assert deal_note.is_ours(note)
    assert deal_note.is_ours(f"<p>{note}</p>")
    assert not deal_note.is_ours("Called about [Odoo order lines]")
    assert not deal_note.is_ours(None)


def test_long_order():
    many = [line(f"P{n}") for n in range(250)]
    rows = deal_note.written(order(order_line=many)).splitlines()
    assert rows[-2] == "… 50 more"
    assert len(rows) == 204


def test_the_team_decides_before_the_salesperson():
    found = facts(owners={2: "22"}, team_owners={7: "33"})
    assert deal.to_ac(order(), found)["owner"] == "33"
    found = facts(owners={2: "22"}, team_owners={8: "33"})
    assert deal.to_ac(order(), found)["owner"] == "22"
