"""No echo: what one side has just told the other does not come back as a change.

The webhooks are the account's own deliveries.
"""

import pytest
from both_sides import wait_until_idle


@pytest.fixture(scope="module")
def partner(account):
    """A partner with a contact: `(partner id, e-mail)`."""
    email = "reader@example.com"
    values = {"name": "Ada Reader", "email": email}
    partner = account.server.call("res.partner", "create", values)
    account.wait("the contact is there", lambda: email in account.links())
    return partner, email


@pytest.fixture(scope="module")
def connected(account, partner):
    """The account with its webhook."""
    account.call("action_connect_webhook")
    return account.simulator.control


def wait_until_quiet(account):
    wait_until_idle(account)
    account.wait("the jobs are done", lambda: not open_jobs(account))


def open_jobs(account):
    """Return the jobs that wait or run."""
    return account.sql(
        "SELECT uuid FROM queue_job WHERE state IN ('pending', 'enqueued', 'started')"
    )


def in_lists(account, email):
    contacts = account.simulator.control.state("contacts")["contacts"].values()
    return next(contact["lists"] for contact in contacts if contact["email"] == email)


def writes(control):
    return [e for e in control.log()["entries"] if e["method"] != "GET"]


def test_a_change_in_odoo_and_its_echo_are_one_write(account, connected, partner):
    """User requirement 20."""
    partner_id, email = partner
    told = len(connected.deliveries())
    connected.clear_log()
    phone = {"phone": "+44 20 7946 0001"}
    account.server.call("res.partner", "write", [partner_id], phone)
    account.wait("the echo has come", lambda: len(connected.deliveries()) > told)
    wait_until_quiet(account)
    assert len(writes(connected)) == 1
    events = account.sql("SELECT type FROM ac_event WHERE state = 'done'")
    assert ("update",) in events
    (read,) = account.server.call("res.partner", "read", [partner_id], ["phone"])
    assert read["phone"] == phone["phone"]


def test_an_edit_in_the_account_reaches_the_partner_and_does_not_echo(
    account, connected, partner
):
    """User requirement 20."""
    partner_id, email = partner
    connected.clear_log()
    connected.act("edit", email=email, firstName="Augusta", phone="+44 20 7946 0000")

    def read():
        fields = ["name", "phone", "email"]
        return account.server.call("res.partner", "read", [partner_id], fields)[0]

    account.wait("the name is here", lambda: read()["name"] == "Augusta Reader")
    wait_until_quiet(account)
    assert (read()["phone"], read()["email"]) == ("+44 20 7946 0000", email)
    assert writes(connected) == []


def test_changes_on_both_sides_are_one_write_each(account, connected):
    """User requirement 20, of the same people at the same time."""
    call, crowd = account.server.call, range(8)  # fewer than an import takes
    emails = [f"both{number}@example.com" for number in crowd]
    values = [{"name": "Both Sides", "email": email} for email in emails]
    ids = call("res.partner", "create", values)
    account.wait("they are there", lambda: {*emails} <= {*account.links()})
    wait_until_quiet(account)
    for here, there in (
        ({"phone": "+44 20 7946 0003"}, {"firstName": "New"}),
        ({"name": "New Name"}, {"phone": "+44 20 7946 0004"}),
    ):
        connected.clear_log()
        for id_, email in zip(ids, emails, strict=True):
            connected.act("edit", email=email, source="admin", **there)
            call("res.partner", "write", [id_], here)
        connected.deliveries()
        wait_until_quiet(account)
        assert len(writes(connected)) == len(crowd)
    rows = call("res.partner", "read", ids, ["name", "phone"])
    found = {(row["name"], row["phone"]) for row in rows}
    assert found == {("New Name", "+44 20 7946 0004")}
    assert account.sql("SELECT 1 FROM ac_conflict") == []
    assert account.differences() == []


def test_odoos_own_removal_from_a_list_is_nobodys_no(account, connected, partner):
    """User requirement 20: it would come back as a withdrawal, for good."""
    partner_id, email = partner
    call = account.server.call
    lists = call("ac.metadata", "search", [("kind", "=", "list")])
    account.write(
        {
            "list_ids": [[6, 0, lists[:1]]],
            "archive_policy": "unsubscribe",
            "unsubscribe_effect": "blacklist",
        }
    )
    call("ac.consent", "create", {"partner_id": partner_id, "state": "granted"})
    account.wait("Ada is on the list", lambda: in_lists(account, email))
    call("res.partner", "write", [partner_id], {"active": False})
    heard = "SELECT 1 FROM ac_event WHERE type = 'unsubscribe'"
    account.wait("it has come back", lambda: account.sql(heard))
    wait_until_quiet(account)
    assert {*map(str, in_lists(account, email).values())} == {"2"}
    assert account.sql("SELECT 1 FROM ac_consent WHERE state = 'withdrawn'") == []
    assert account.sql("SELECT 1 FROM mail_blacklist WHERE active") == []
