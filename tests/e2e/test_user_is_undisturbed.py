"""People save partners as ever, whatever ActiveCampaign and the connector do."""

from concurrent.futures import ThreadPoolExecutor

from both_sides import assert_equal, wait_until_idle

from workbench import people

PARTNERS = 600
EDITED = 200


def test_saving_works_while_the_account_is_down(account):
    call = account.server.call
    account.simulator.control.faults({"kind": "drop"})
    partner = call("res.partner", "create", {"name": "Ada", "email": "ada@example.com"})
    call("res.partner", "write", [partner], {"phone": "+1 555 1000"})
    assert account.states() == {"pending": 1} or account.states() == {"sending": 1}
    account.simulator.control.clear_faults()
    call("res.partner", "action_ac_sync_now", [partner])
    account.sql("UPDATE queue_job SET eta = NULL WHERE state = 'pending'")
    wait_until_idle(account)
    (contact,) = account.simulator.control.state("contacts")["contacts"].values()
    assert (contact["email"], contact["phone"]) == ("ada@example.com", "+1 555 1000")


def test_nobody_loses_a_change_made_during_a_load(account):
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
    phones = {
        c["phone"] for c in account.simulator.control.state()["contacts"].values()
    }
    assert {f"+1 555 9{id_}" for id_ in ids} <= phones
    assert_equal(account)
