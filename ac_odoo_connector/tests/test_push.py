# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Single pushes and what happens to one record on its way."""

from psycopg2.errors import LockNotAvailable

from odoo.tests import tagged

from ..engine import outbox
from ..engine.transaction import transaction
from ..mapping.registry import OBJECTS
from .common import ConnectorCase

CONTACT = OBJECTS["contact"]


@tagged("post_install", "-at_install")
class TestPush(ConnectorCase):
    def ada(self, **values):
        return self.make_partners(
            {"name": "Ada Lovelace", "email": "ada@example.com", **values}
        )

    def test_new_partner_arrives(self):
        partner = self.ada(email=" Ada@Example.com ", phone="+44 20 7946 0000")
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(contact["firstName"], "Ada")
        self.assertEqual(contact["lastName"], "Lovelace")
        self.assertEqual(contact["phone"], "+44 20 7946 0000")
        self.assertEqual(self.binding(partner).state, "synced")
        self.assertEqual(self.binding(partner).remote_id, str(contact["id"]))

    def test_unchanged_record_costs_no_request(self):
        partner = self.ada()
        self.run_jobs()
        self.simulator.forget_log()
        partner.action_ac_sync_now()
        self.run_jobs()
        self.assertEqual(self.simulator.calls(), [])
        self.assertEqual(self.binding(partner).state, "synced")

    def test_unwatched_field_is_no_change(self):
        partner = self.ada()
        self.run_jobs()
        partner.comment = "likes tea"
        self.commit()
        self.assertEqual(self.binding(partner).state, "synced")

    def test_changed_email_keeps_the_contact(self):
        """User requirement 7."""
        partner = self.ada()
        self.run_jobs()
        remote_id = self.binding(partner).remote_id
        partner.email = "countess@example.com"
        self.run_jobs()
        contacts = self.simulator.contacts()
        self.assertEqual(list(contacts), ["countess@example.com"])
        self.assertEqual(str(contacts["countess@example.com"]["id"]), remote_id)

    def test_contact_deleted_over_there_is_made_again(self):
        partner = self.ada()
        self.run_jobs()
        with self.client() as client:
            client.contacts.delete(self.binding(partner).remote_id)
        partner.phone = "1"
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(contact["phone"], "1")
        self.assertEqual(self.binding(partner).remote_id, str(contact["id"]))

    def test_answer_without_body_still_binds(self):
        self.simulator.faults({"kind": "empty", "path": "contact/sync", "times": 1})
        partner = self.ada()
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(self.binding(partner).remote_id, str(contact["id"]))

    def test_tags_follow_and_foreign_tags_stay(self):
        vip, old = self.env["res.partner.category"].create(
            [{"name": "VIP"}, {"name": "Old"}]
        )
        with self.client() as client:
            client.tags.create({"tag": "vip", "tagType": "contact"})
            foreign = client.tags.create({"tag": "Foreign", "tagType": "contact"}).id
        partner = self.ada(category_id=[(6, 0, (vip + old).ids)])
        self.run_jobs()
        with self.client() as client:
            client.contact_tags.create(
                {"contact": self.binding(partner).remote_id, "tag": foreign}
            )
        partner.category_id -= old
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(sorted(contact["tags"]), ["Foreign", "vip"])

    def test_mapped_field_arrives_once_the_account_has_it(self):
        partner = self.ada(function="Countess")
        self.run_jobs()
        with self.client() as client:
            field = client.fields.create(
                {"title": "Job title", "type": "text", "perstag": "JOB_TITLE"}
            )
        self.config.action_refresh_metadata()
        self.run_jobs()
        partner.action_ac_sync_now()
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(contact["fields"][field.id], "Countess")

    def test_rollback_leaves_no_mark(self):
        self.env["res.partner"].create({"name": "Nobody", "email": "n@example.com"})
        self.cr.rollback()
        self.assertFalse(self.env["ac.binding"].search([]))
        self.assertFalse(self._waiting_jobs())

    def test_mark_waits_when_nobody_wakes_the_runner(self):
        """The mark is a row of the same transaction; the cron finds it."""
        partner = self.ada()
        self.cr.execute("DELETE FROM queue_job")
        self.commit()
        self.assertEqual(self.binding(partner).state, "pending")
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertIn("ada@example.com", self.simulator.contacts())

    def test_change_while_sending_is_not_lost(self):
        partner = self.ada()
        with transaction(self.env) as env:
            claimed = outbox.claim(env, self.config, CONTACT, "worker")
        self.assertEqual(len(claimed), 1)
        partner.phone = "2"
        self.commit()
        with transaction(self.env) as env:
            # not before the old values have arrived, or they could come last
            self.assertFalse(outbox.claim(env, self.config, CONTACT, "other"))
        with transaction(self.env) as env:
            outbox.settle(
                env, "worker", [outbox.Outcome(claimed.id, "synced", remote_id="77")]
            )
        self.assertEqual(self.binding(partner).state, "pending")
        self.assertEqual(self.binding(partner).remote_id, "77")
        with transaction(self.env) as env:
            self.assertEqual(outbox.claim(env, self.config, CONTACT, "other"), claimed)

    def test_worker_who_lost_its_lease_settles_nothing(self):
        partner = self.ada()
        with transaction(self.env) as env:
            slow = outbox.claim(env, self.config, CONTACT, "slow")
        self.cr.execute("UPDATE ac_binding SET claimed_until = '2020-01-01'")
        self.run_jobs()
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "synced")
        with transaction(self.env) as env:
            outbox.settle(env, "slow", [outbox.Outcome(slow.id, "synced")])
        self.assertEqual(self.binding(partner).state, "pending")
        self.assertFalse(self.binding(partner).fingerprint)

    def test_a_settling_that_fails_names_nobody_in_the_log(self):
        """Odoo logs a statement that fails, with its values."""
        partner = self.ada()
        with transaction(self.env) as env:
            claimed = outbox.claim(env, self.config, CONTACT, "worker")
        told = outbox.Outcome(claimed.id, "synced", sent='{"identity": "ada@example"}')
        self.cr.execute(
            "SELECT 1 FROM ac_binding WHERE id = %s FOR UPDATE", claimed.ids
        )
        with (
            self.assertNoLogs("odoo.sql_db", "ERROR"),
            self.assertRaises(LockNotAvailable),
            transaction(self.env) as env,
        ):
            env.cr.execute("SET LOCAL lock_timeout = '50ms'")
            outbox.settle(env, "worker", [told])
        self.commit()
        self.assertEqual(self.binding(partner).state, "sending")

    def test_save_succeeds_while_the_engine_works_on_the_record(self):
        partner = self.ada()
        self.run_jobs()
        self.cr.execute("SELECT 1")  # the user's transaction begins
        with transaction(self.env) as env:
            env.cr.execute("UPDATE ac_binding SET message = 'touched'")
        partner.phone = "2"
        self.commit()
        self.run_jobs()
        self.assertEqual(self.simulator.contacts()["ada@example.com"]["phone"], "2")

    def test_renamed_tag_and_company_follow(self):
        tag = self.env["res.partner.category"].create({"name": "Old"})
        partner = self.ada(category_id=[(6, 0, tag.ids)])
        self.run_jobs()
        tag.name = "New"
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(contact["tags"], ["New"])
        tag.name = "NEW"
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(len(contact["tags"]), 1)
        self.assertEqual(self.binding(partner).state, "synced")

    def test_two_workers_share_no_record(self):
        self.make_partners(
            *[{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(6)]
        )
        with transaction(self.env) as one, transaction(self.env) as two:
            first = outbox.claim(one, self.config, CONTACT, "one", limit=3)
            second = outbox.claim(two, self.config, CONTACT, "two")
            self.assertEqual((len(first), len(second)), (3, 3))
            self.assertFalse(set(first.ids) & set(second.ids))

    def test_lease_of_a_dead_worker_ends(self):
        partner = self.ada()
        with transaction(self.env) as env:
            outbox.claim(env, self.config, CONTACT, "dead worker")
        self.run_jobs()
        self.assertEqual(self.simulator.contacts(), {})
        self.cr.execute("UPDATE ac_binding SET claimed_until = '2020-01-01'")
        self.commit()
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertIn("ada@example.com", self.simulator.contacts())
        self.assertEqual(self.binding(partner).state, "synced")

    def test_refused_record_is_given_up_after_five_tries_and_hurts_nobody(self):
        """User requirement 11."""
        self.simulator.faults(
            {"kind": "status", "status": 422, "path": "contact/sync", "times": 5}
        )
        poison = self.ada()
        self.run_jobs()
        self.assertEqual(self.binding(poison).state, "failed")
        self.assertIn("422", self.binding(poison).message)
        for _try in range(4):
            self.cr.execute("UPDATE ac_binding SET next_try_at = '2020-01-01'")
            self.commit()
            self.env["ac.odoo.config"]._cron_outbox()
            self.run_jobs()
        self.assertEqual(self.binding(poison).state, "dead")
        error = self.env["ac.error.log"].search([])
        self.assertEqual((len(error), error.count, error.status), (1, 5, 422))
        self.assertEqual(error.binding_id, self.binding(poison))
        error.action_retry()
        self.run_jobs()
        self.assertEqual(self.binding(poison).state, "synced")
        self.assertEqual(error.state, "solved")

    def test_company_of_another_account_is_not_sent(self):
        mine, other = self.company("Mine AG"), self.company("Other AG")
        self.config.company_id = mine
        self.commit()
        self.ada(company_id=other.id)
        ours = self.make_partners(
            {"name": "Our", "email": "our@example.com", "company_id": mine.id}
        )
        self.run_jobs()
        self.assertEqual(list(self.simulator.contacts()), ["our@example.com"])
        ours.company_id = other
        self.run_jobs()
        self.assertEqual(self.binding(ours).skip_reason, "other_company")

    def test_partner_outside_the_filter_leaves_no_trace(self):
        self.config.partner_domain = '[("email", "=like", "%@example.com")]'
        self.commit()
        partner = self.ada(email="ada@example.org")
        self.run_jobs()
        self.assertFalse(self.binding(partner))
        self.assertEqual(self.simulator.contacts(), {})

    def test_draft_account_sends_nothing(self):
        self.config.action_disconnect()
        self.commit()
        partner = self.ada()
        self.run_jobs()
        self.assertFalse(self.binding(partner))
        self.assertEqual(self.simulator.calls(), [])

    def test_copied_database_sends_nothing(self):
        partner = self.ada()
        self.config.database_uuid = "another database"
        self.commit()
        self.run_jobs()
        self.assertEqual(self.simulator.calls(), [])
        self.assertIn("copy", self.config.place_problem)
        self.assertEqual(self.binding(partner).state, "pending")

    def test_wrong_key_is_said_on_the_account_and_loses_nothing(self):
        partner = self.ada()
        self.config.ac_api_key = "wrong"
        self.commit()
        self.run_jobs()
        self.assertIn("API key", self.config.problem)
        self.assertEqual(self.binding(partner).state, "pending")
        self.config.ac_api_key = "simulator-key"
        self.commit()
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertFalse(self.config.problem)
        self.assertEqual(self.binding(partner).state, "synced")
