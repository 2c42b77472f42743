"""Every fifth answer of the account is a fault: it takes longer, nothing else."""

import pytest
from both_sides import assert_equal, wait_until_idle
from faulty import FAULTS

from workbench import people

PARTNERS = 2000
COMPANIES = 20
RENAMED = 40
# One import is accepted and then waited for until the client gives up.
TIMEOUT = {
    "kind": "accept_timeout",
    "path": "bulk_import$",
    "method": "POST",
    "seconds": 60,
    "times": 1,
}


@pytest.fixture(scope="module")
def loaded(account):
    """The account after a load of everything under faults; they stay in force."""
    people.fill(account, PARTNERS)
    people.employ(account, COMPANIES, titled=20)
    account.simulator.control.clear_faults()
    account.simulator.control.faults(TIMEOUT, *FAULTS)
    return account.finish(account.start_run(), seconds=300)


def test_load_ends_with_both_sides_equal(account, loaded):
    assert (loaded["synced"], loaded["failed"]) == (PARTNERS + COMPANIES, 0)
    assert_equal(account)


def test_people_are_linked_once_with_their_company(account, loaded):
    assert account.wrong_links() == set()
    links = account.simulator.control.state("accountContacts")["accountContacts"]
    contacts = [link["contact"] for link in links.values()]
    assert len(contacts) == len(set(contacts)) == PARTNERS


def test_changed_emails_keep_their_contacts(account, loaded):
    """They cannot go by import: one call each, and every kind of fault on the way."""
    contacts = set(account.simulator.control.state("contacts")["contacts"])
    account.simulator.control.faults(*FAULTS)
    call = account.server.call
    ids = call("res.partner", "search", [("email", "=like", "person%")], limit=RENAMED)
    for id_ in ids:
        call("res.partner", "write", [id_], {"email": f"renamed{id_}@example.com"})
    wait_until_idle(account)
    assert_equal(account)
    state = account.simulator.control.state("contacts")["contacts"]
    assert set(state) == contacts
    assert sum(c["email"].startswith("renamed") for c in state.values()) == RENAMED


def test_account_was_faulty_and_its_limit_was_kept(account, loaded):
    log = account.simulator.control.log()
    faults = {entry["fault"] for entry in log["entries"]}
    assert {"status", "drop", "accept_timeout"} <= faults
    assert log["max_per_second_seen"] <= 5
