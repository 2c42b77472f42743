"""Odoo and the simulated account beside each other."""

from collections import Counter

from workbench.demo_check import BothSides
from workbench.demo_sales_check import SalesSides
from workbench.problem import Problem

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


def twice_bound(account):
    """Return partners and contacts that have more than one link."""
    return account.sql(
        """
        SELECT 'partner', config_id::text, res_id::text FROM ac_binding
        GROUP BY config_id, object, res_id HAVING count(*) > 1
        UNION ALL
        SELECT 'contact', config_id::text, remote_id FROM ac_binding
        WHERE remote_id IS NOT NULL
        GROUP BY config_id, object, remote_id HAVING count(*) > 1
        """
    )


def wait_until_idle(account, seconds=120):
    """Return when nothing waits: no link, no event, no import."""
    try:
        account.wait("nothing is under way", lambda: not account.sql(WAITING), seconds)
    except Problem as problem:
        raise Problem(
            f"{problem}\n{account.sql(WAITING)}\n{account.sql(JOBS)}"
        ) from None


WAITING = """
SELECT 'link', object, state, priority, claim, claimed_until, next_try_at, count(*)
FROM ac_binding WHERE state NOT IN ('synced', 'skipped', 'dead')
GROUP BY object, state, priority, claim, claimed_until, next_try_at
UNION ALL
SELECT 'event', type, state, 0, NULL, NULL, NULL, 1
FROM ac_event WHERE state IN ('new', 'applying', 'failed')
"""
JOBS = (
    "SELECT name, state, eta, retry, date_started FROM queue_job WHERE state <> 'done'"
)
