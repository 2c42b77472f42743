"""Odoo and the simulated account beside each other."""

from collections import Counter

from workbench.demo_check import BothSides
from workbench.demo_sales_check import SalesSides
from workbench.idle import twice_bound, wait_until_idle

__all__ = ["assert_equal", "assert_sales_equal", "twice_bound", "wait_until_idle"]

FINAL = ("synced", "skipped")


def assert_equal(account):
    """Every link is final, both sides hold the same, and nothing is there twice."""
    assert [state for state in account.states() if state not in FINAL] == []
    state = account.simulator.control.state("contacts", "accounts")
    assert account.differences() == []
    assert BothSides(account.server, state).differences() == []
    emails = Counter(contact["email"] for contact in state["contacts"].values())
    assert [email for email, count in emails.items() if count > 1] == []
    assert twice_bound(account) == []


def assert_sales_equal(account):
    """Orders and products are the same on both sides, and nothing is there twice."""
    assert_equal(account)
    state = account.simulator.control.state()
    links = BothSides(account.server, state).links.values()
    assert SalesSides(account.server, state, [*links]).differences() == []
    titles = Counter(deal["title"] for deal in state["deals"].values())
    assert [title for title, count in titles.items() if count > 1] == []
    assert len(state["orders"]) == len(state["graphqlOrders"])
    assert len(state["connections"]) <= 1
