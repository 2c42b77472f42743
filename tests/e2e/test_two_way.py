"""A thousand people whom both sides have and both sides change.

The tests build on each other. The webhooks are the account's own deliveries.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from both_sides import assert_equal, wait_until_idle

from workbench import people

PEOPLE = 1000
BUSY = 300
"""How many of them a user opens and saves meanwhile."""
PATIENCE = 400


@pytest.fixture(scope="module")
def crowd(account):
    """The same thousand people on both sides, linked with nobody: `{e-mail: AC id}`."""
    people.fill(account, PEOPLE, "twin")
    account.write(
        {
            "unknown_contact": "create",
            "partner_domain": "[('email', '=like', 'twin%')]",
            "sync_accounts": False,
        }
    )
    rows = account.sql("SELECT email FROM res_partner WHERE email LIKE 'twin%'")
    with account.client() as client:
        found = {e: client.contacts.sync({"email": e}).id for (e,) in rows}
    account.call("action_connect_webhook")
    return found


def in_the_account(account, emails, **values):
    """Change contacts as a user of the account does."""

    def edit(numbered):
        number, email = numbered
        given = {name: text.format(number) for name, text in values.items()}
        account.simulator.control.act("edit", email=email, source="admin", **given)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(edit, enumerate(emails)))


def quiet(account):
    account.simulator.control.deliveries()
    wait_until_idle(account, PATIENCE)


def test_row_39_a_first_two_way_run_makes_nobody(account, crowd):
    """User requirement 39: found by their links or e-mails, whoever looks first."""
    before = account.sql("SELECT count(*) FROM res_partner")
    run = account.start_run()
    in_the_account(account, crowd, lastName="From There {0}")
    account.finish(run)
    quiet(account)
    assert account.sql("SELECT count(*) FROM res_partner") == before
    contacts = account.simulator.control.state("contacts")["contacts"].values()
    assert {c["email"]: str(c["id"]) for c in contacts} == {
        email: str(id_) for email, id_ in crowd.items()
    }
    states = account.sql("SELECT DISTINCT state FROM ac_event WHERE type = 'update'")
    assert set(states) <= {("done",)}


def test_row_29_a_user_beside_the_inbox_loses_nothing(account, crowd):
    """User requirement 29: no failed save, no lost update."""
    call = account.server.call
    emails = sorted(crowd)
    ids = call("res.partner", "search", [("email", "in", emails[:BUSY])])

    def save(id_):
        return call("res.partner", "write", [id_], {"street": f"{id_} Busy Street"})

    with ThreadPoolExecutor(3) as pool:
        over_there = pool.submit(
            in_the_account, account, emails, phone="+44 20 7946 {0:04}"
        )
        assert all(pool.map(save, ids))
        over_there.result()
    quiet(account)
    rows = call("res.partner", "read", ids, ["street"])
    assert {row["street"] for row in rows} == {f"{id_} Busy Street" for id_ in ids}
    phones = account.sql("SELECT phone FROM res_partner WHERE email LIKE 'twin%'")
    assert {phone for (phone,) in phones} == {
        f"+44 20 7946 {number:04}" for number in range(PEOPLE)
    }
    assert account.sql("SELECT 1 FROM ac_conflict WHERE unit = 'phone'") == []


def test_both_sides_are_equal_afterwards(account, crowd):
    open_ = account.server.call("ac.conflict", "search", [("state", "=", "open")])
    if open_:
        account.server.call("ac.conflict", "action_take_ac", open_)
    quiet(account)
    assert_equal(account)
