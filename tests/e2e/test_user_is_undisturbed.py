"""People save partners as ever, whatever ActiveCampaign and the connector do.

User requirement 16; what a save costs is measured by `./setup/bench write-overhead`.
"""

from concurrent.futures import ThreadPoolExecutor

from both_sides import assert_equal, wait_until_idle

from workbench import people

PARTNERS = 600
EDITED = 200


def postponed(account):
    """Return why jobs have been postponed and until when."""
    return account.sql(
        "SELECT result, eta FROM queue_job WHERE state = 'pending' "
        "AND eta > now() AT TIME ZONE 'UTC' + INTERVAL '3 seconds'"
    )


def end_postponement(account):
    """Let the time pass for which postponed jobs wait, up to half a minute."""
    account.sql("UPDATE queue_job SET eta = NULL WHERE state = 'pending'")


def test_saving_works_while_the_account_is_down(account):
    call = account.server.call
    account.simulator.control.faults({"kind": "drop"})
    partner = call("res.partner", "create", {"name": "Ada", "email": "ada@example.com"})
    call("res.partner", "write", [partner], {"phone": "+1 555 1000"})
    account.wait("the job has given up for now", lambda: postponed(account))
    (link,) = call("ac.binding", "search_read", [("res_id", "=", partner)])
    assert (link["state"], link["tries"]) == ("pending", 0)
    assert account.simulator.control.counts()["contacts"] == 0
    call("res.partner", "write", [partner], {"function": "Engineer"})
    account.simulator.control.clear_faults()
    end_postponement(account)
    account.wait("all is sent", lambda: "pending" not in account.states(), 120)
    wait_until_idle(account)
    (contact,) = account.simulator.control.state("contacts")["contacts"].values()
    assert (contact["email"], contact["phone"]) == ("ada@example.com", "+1 555 1000")
    assert "Engineer" in contact["fields"].values()


def test_nobody_loses_a_change_made_during_a_load(account):
    """Two people go through two hundred partners while these are being sent."""
    people.fill(account, PARTNERS, "busy")
    call = account.server.call
    ids = call("res.partner", "search", [("email", "=like", "busy%")], limit=EDITED)
    run_id = account.start_run()

    def save(id_):
        return call("res.partner", "write", [id_], {"phone": f"+1 555 9{id_}"})

    with ThreadPoolExecutor(2) as users:
        assert all(users.map(save, ids))
    account.finish(run_id)
    wait_until_idle(account)
    contacts = account.simulator.control.state("contacts")["contacts"].values()
    assert {f"+1 555 9{id_}" for id_ in ids} <= {c["phone"] for c in contacts}
    assert_equal(account)
