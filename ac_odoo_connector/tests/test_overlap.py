# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pushes and changes over there that nobody here has heard of yet."""

from odoo.tests import tagged

from ..engine import inbox, outbox, reread
from ..engine.transaction import transaction
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestOverlap(PullCase):
    def there(self):
        return self.simulator.contacts()["ada@example.com"]

    # A push ------------------------------------------------------------------------

    def test_a_push_leaves_what_has_changed_over_there(self):
        ada = self.linked_ada()
        self.edit("ada@example.com", phone="AC")
        ada.write({"phone": "Odoo", "name": "Ada King"})
        self.run_jobs()
        there = self.there()
        self.assertEqual((there["phone"], there["lastName"]), ("AC", "King"))
        self.assertEqual(ada.phone, "Odoo")
        (conflict,) = self.conflicts(ada)
        self.assertEqual((conflict.odoo_value, conflict.ac_value), ("Odoo", "AC"))
        self.assertEqual(len(self.simulator.writes()), 1)
        conflict.action_keep_odoo()
        self.run_jobs()
        self.assertEqual(self.there()["phone"], "Odoo")
        self.assertEqual(len(self.simulator.writes()), 2)

    def test_a_custom_field_is_looked_at_as_well(self):
        job = str(self.field("Job"))
        self.map("JOB", field_path="function", direction="both")
        self.refresh()
        ada = self.linked_ada()
        self.edit("ada@example.com", fields={job: "Countess"})
        ada.function = "Author"
        self.run_jobs()
        self.assertEqual(self.held("ada@example.com")[job], "Countess")
        self.assertEqual(self.conflicts(ada).unit, job)
        self.assertEqual(self.simulator.writes(), [])

    def test_the_later_change_wins_where_the_account_says_so(self):
        self.config.conflict_policy = "latest"
        ada = self.linked_ada()
        self.simulator.call("POST", "clock", offset=-60)
        self.edit("ada@example.com", phone="AC")
        ada.phone = "Odoo"
        self.run_jobs()
        self.assertEqual((ada.phone, self.there()["phone"]), ("Odoo", "Odoo"))
        self.simulator.call("POST", "clock", offset=60)
        self.edit("ada@example.com", phone="AC later")
        ada.phone = "Odoo too"
        self.run_jobs()
        self.assertEqual((ada.phone, self.there()["phone"]), ("AC later", "AC later"))
        self.assertFalse(self.conflicts(ada))

    def test_what_only_odoo_owns_costs_one_request(self):
        self.config.pull_phone = "to_ac"
        ada = self.linked_ada()
        ada.phone = "2"
        self.run_jobs()
        self.assertEqual([c["method"] for c in self.simulator.calls()], ["PUT"])

    def test_what_both_own_costs_one_more(self):
        ada = self.linked_ada()
        ada.phone = "2"
        self.run_jobs()
        self.assertEqual([c["method"] for c in self.simulator.calls()], ["GET", "PUT"])

    # An import ---------------------------------------------------------------------

    def linked_crowd(self):
        crowd = self.make_partners(
            *[
                {"name": f"Person {n}", "email": f"p{n}@example.com", "phone": "1"}
                for n in range(30)
            ]
        )
        self.run_jobs()
        self.simulator.forget_log()
        return crowd

    def test_an_import_leaves_what_has_changed_over_there(self):
        crowd = self.linked_crowd()
        self.edit("p3@example.com", phone="AC")
        for n, partner in enumerate(crowd):
            partner.write({"phone": f"2{n}", "name": f"Person A{n}"})
        self.run_jobs()
        there = self.simulator.contacts()
        told = {e: (c["phone"], c["lastName"]) for e, c in there.items()}
        wanted = {f"p{n}@example.com": (f"2{n}", f"A{n}") for n in range(30)}
        self.assertEqual(told, wanted | {"p3@example.com": ("AC", "A3")})
        (conflict,) = self.conflicts(crowd)
        self.assertEqual((conflict.odoo_value, conflict.ac_value), ("23", "AC"))
        conflict.action_keep_odoo()
        self.run_jobs()
        self.assertEqual(self.simulator.contacts()["p3@example.com"]["phone"], "23")

    def test_an_import_with_nothing_left_to_say_sends_nothing(self):
        crowd = self.linked_crowd()
        for partner in crowd:
            self.edit(partner.email, phone="AC")
        self.simulator.forget_log()
        crowd.phone = "Odoo"
        self.run_jobs()
        self.assertEqual(self.simulator.writes(), [])
        self.assertEqual(len(self.conflicts(crowd)), 30)
        states = crowd.ac_binding_ids.mapped("state")
        self.assertEqual(set(states), {"synced"})

    def test_who_is_told_everything_again_keeps_what_has_changed_over_there(self):
        """An import that was in vain is no reason to replace what it did not tell."""
        crowd = self.linked_crowd()
        excluded = self.simulator.call(
            "POST", "exclusions", matchPhrase="p3@example.com"
        )
        for n, partner in enumerate(crowd):
            partner.name = f"Person A{n}"
        self.run_jobs()
        self.assertEqual(self.binding(crowd[3]).state, "failed")
        with self.client() as client:
            path, nobody = f"/lists/exclusions/{excluded['id']}", {"matchPhrase": "x"}
            client.request("PUT", path, nobody)
        self.edit("p3@example.com", phone="AC")
        self.retry_failed()
        there = self.simulator.contacts()["p3@example.com"]
        self.assertEqual((there["phone"], there["lastName"]), ("AC", "A3"))
        self.assertEqual(crowd[3].phone, "AC")
        self.assertFalse(self.conflicts(crowd))

    def test_looking_before_an_import_costs_a_request_for_a_hundred(self):
        crowd = self.linked_crowd()
        crowd.phone = "2"
        self.run_jobs()
        asked = [(call["method"], call["path"]) for call in self.simulator.calls()]
        self.assertEqual(asked[0], ("GET", "/api/3/contacts"))
        self.assertEqual(asked[1], ("POST", "/api/3/import/bulk_import"))

    def test_who_cannot_be_read_is_not_imported(self):
        crowd = self.linked_crowd()
        broken = self.binding(crowd[3]).remote_id
        self.simulator.faults(
            {"kind": "status", "status": 501, "path": "/contacts$", "method": "GET"},
            {"kind": "status", "status": 501, "path": f"/contacts/{broken}$"},
        )
        crowd.phone = "2"
        self.run_jobs()
        self.assertEqual(self.binding(crowd[3]).state, "failed")
        self.assertEqual(self.simulator.contacts()["p3@example.com"]["phone"], "1")
        self.assertEqual(self.simulator.contacts()["p4@example.com"]["phone"], "2")
        self.simulator.call("DELETE", "faults")
        self.retry_failed()
        self.assertEqual(self.simulator.contacts()["p3@example.com"]["phone"], "2")

    # A contact that was read before a push ------------------------------------------

    def test_what_was_read_before_a_push_is_read_again(self):
        ada = self.linked_ada()
        id_ = self.binding(ada).remote_id
        with self.client() as client:
            before = reread.contact(client, id_)
        ada.phone = "2"
        self.run_jobs()
        payload = {"type": "update", "contact": {"id": id_}}
        inbox.store(self.env, self.config, payload, "poll", known=before)
        self.commit()
        self.run_jobs()
        event = self.last_event()
        self.assertEqual((event.state, event.tries), ("done", 0))
        self.assertEqual((ada.phone, self.there()["phone"]), ("2", "2"))

    def test_an_event_is_woken_by_a_push_that_fails(self):
        ada = self.linked_ada()
        link = self.binding(ada)
        link.write({"claim": "token", "state": "sending"})
        self.change("ada@example.com", phone="3")
        self.assertEqual(self.last_event().state, "waiting")
        with transaction(self.env) as env:
            failed = outbox.Outcome(link.id, "failed", message="Refused")
            outbox.settle(env, "token", [failed])
        self.commit()
        self.assertEqual(self.last_event().state, "new")
        self.run_jobs()
        self.assertEqual(ada.phone, "3")

    # Whose partner it is --------------------------------------------------------------

    def test_a_partner_who_has_moved_to_another_company_is_left_alone(self):
        self.config.company_id = self.company("Ours")
        ada = self.linked_ada()
        ada.company_id = self.company("Theirs")
        self.run_jobs()
        self.change("ada@example.com", phone="3")
        event = self.last_event()
        self.assertEqual((event.state, ada.phone), ("ignored", "1"))
        self.assertIn("another company", event.message)

    def test_a_user_of_odoo_is_left_alone(self):
        ada = self.linked_ada()
        login = {"login": "ada.lovelace", "partner_id": ada.id, "name": ada.name}
        user = self.env["res.users"].create(login)
        self.addCleanup(self.forget_user, user)
        self.run_jobs()
        self.change("ada@example.com", phone="3")
        event = self.last_event()
        self.assertEqual((event.state, ada.phone), ("ignored", "1"))
        self.assertIn("user of Odoo", event.message)

    def forget_user(self, user):
        self.cr.rollback()
        user.exists().unlink()
        self.commit()
