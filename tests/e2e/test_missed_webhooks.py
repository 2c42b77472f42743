"""Five hundred webhooks are lost; one reconciliation brings both sides to equality."""

import pytest
from both_sides import assert_equal, wait_until_idle

PEOPLE, ORDERS = 150, 40
TWICE, LEAVING, MOVED_TWICE = 100, 100, 10
LOST = LEAVING + PEOPLE + TWICE + LEAVING + ORDERS + MOVED_TWICE


@pytest.fixture(scope="module")
def people(account):
    """E-mails of linked partners, the first of whom have an order with a deal."""
    account.write({"sync_deals": True})
    account.make_stage("Proposal")
    account.call("action_refresh_metadata")
    emails = [f"missed{number}@example.com" for number in range(PEOPLE)]
    values = [{"name": f"Person {e.partition('@')[0]}", "email": e} for e in emails]
    partners = account.server.call("res.partner", "create", values)
    account.wait("all are linked", lambda: {*emails} <= {*account.links()}, 120)
    product = account.server.call("product.product", "create", {"name": "Engine"})
    line = {"product_id": product, "product_uom_qty": 1, "price_unit": 10}
    orders = [
        {"partner_id": partner, "order_line": [(0, 0, line)]}
        for partner in partners[:ORDERS]
    ]
    account.server.call("sale.order", "create", orders)
    account.wait("all have deals", lambda: len(deals(account)) == ORDERS, 120)
    wait_until_idle(account)
    account.call("action_connect_webhook")
    return emails


@pytest.fixture(scope="module")
def missed(account, people):
    """What people do over there while every webhook is lost."""
    control = account.simulator.control
    told = len(control.deliveries())
    control.options(webhook_drop=1.0)
    for email in people[:LEAVING]:
        control.act("subscribe", email=email)
    for number, email in enumerate([*people, *people[:TWICE]]):
        phone = f"+1 555 {number:04d}"
        control.act("edit", email=email, lastName=f"Edited {number}", phone=phone)
    for email in people[:LEAVING]:
        control.act("unsubscribe", email=email, reason="Too many")
    stages = [*control.state("dealStages")["dealStages"]]
    for number, deal in enumerate([*deals(account), *deals(account)[:MOVED_TWICE]]):
        status = 1 if number % 3 == 0 else 0
        stage = stages[1 + number % 2]
        control.act(
            "deal_update", deal=deal, stage=stage, status=status, percent=number
        )
    control.options(webhook_drop=0.0)
    assert len(control.deliveries()) == told
    return LOST


@pytest.fixture(scope="module")
def reconciled(account, missed):
    """The reconciliation, done, and everything that it has set in motion."""
    account.simulator.control.clear_log()
    account.call("action_reconcile")
    states = "SELECT state FROM ac_reconciliation"
    account.wait("it is done", lambda: account.sql(states) == [("done",)], 180)
    wait_until_idle(account, 180)
    (row,) = account.server.call("ac.reconciliation", "search_read", [])
    return row


def deals(account):
    """Return the ids of the deals over there."""
    return [*account.simulator.control.state("deals")["deals"]]


def test_both_sides_are_equal(account, people, reconciled):
    """User requirement 21: names, phones, e-mails and tags."""
    assert_equal(account)
    contacts = account.simulator.control.state("contacts")["contacts"].values()
    assert all(contact["lastName"].startswith("Edited") for contact in contacts)


def test_everybody_who_left_is_off_the_list(account, people, reconciled):
    withdrawn = account.sql(
        "SELECT email, text FROM ac_consent WHERE state = 'withdrawn' ORDER BY id"
    )
    assert sorted(email for email, _text in withdrawn) == sorted(people[:LEAVING])
    assert {text for _email, text in withdrawn} == {"Too many"}
    rows = account.simulator.control.state("contactLists")["contactLists"].values()
    assert {row["status"] for row in rows} == {"2"}


def test_every_deal_stands_where_it_was_moved(account, reconciled):
    places = account.sql(
        "SELECT remote_id, sent->'place'->>'stage', sent->'place'->>'status' "
        "FROM ac_binding WHERE object = 'deal'"
    )
    there = account.simulator.control.state("deals")["deals"].items()
    assert {*places} == {
        (id_, str(deal["stage"]), str(deal["status"])) for id_, deal in there
    }


def test_it_says_what_it_has_found(reconciled):
    assert reconciled["counts"] == {
        "contact_changed": PEOPLE,
        "list_left": LEAVING,
        "deal_moved": ORDERS,
    }
    assert (reconciled["stored"], reconciled["told"]) == (PEOPLE + LEAVING + ORDERS, 0)


def test_nothing_is_sent_back(account, reconciled):
    """User requirement 20: what came from there does not go back."""
    log = account.simulator.control.log()
    assert [e["path"] for e in log["entries"] if e["method"] != "GET"] == []
    assert log["max_per_second_seen"] <= 5


def test_a_second_one_finds_nothing(account, reconciled):
    account.call("action_reconcile")
    done = "SELECT count(*) FROM ac_reconciliation WHERE state = 'done'"
    account.wait("it is done", lambda: account.sql(done) == [(2,)], 120)
    ((counts,),) = account.sql(
        "SELECT counts FROM ac_reconciliation ORDER BY id DESC LIMIT 1"
    )
    assert not counts
