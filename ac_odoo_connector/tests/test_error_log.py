# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was not sent: which record, what happened, what to do, and who may read it."""

import psycopg2

from odoo import sql_db
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.queue_job.exception import RetryableJobError

from ..activecampaign import Rejected
from ..engine import outbox
from ..engine.transaction import transaction
from ..mapping.registry import OBJECTS
from .error_case import REFUSED, ErrorCase

LOGS = [
    "ac_error_log",
    "ac_reconciliation",
    "ac_reconciliation_line",
    "ac_sync_run",
    "ir_logging",
    "mail_message",
    "mail_tracking_value",
    "queue_job",
]


@tagged("post_install", "-at_install")
class TestErrorLog(ErrorCase):
    def test_row_9_an_entry_says_all_that_is_needed(self):
        """User requirement 9."""
        partner = self.refused(phone="+32 2 555 01 02")
        (error,) = self.errors()
        self.assertEqual((error.direction, error.operation), ("push", "Send: Contact"))
        self.assertEqual((error.res_model, error.res_id), ("res.partner", partner.id))
        self.assertEqual(error.record_name, "Ada Lovelace")
        self.assertEqual(error.action_open_record()["res_id"], partner.id)
        self.assertEqual((error.status, error.tries, error.state), (422, 1, "open"))
        self.assertIn("does not accept the values", error.message)
        self.assertIn("Correct the value", error.hint)
        self.assertIn("contact/sync", error.trace)
        self.assertIn("Rejected", error.trace)
        self.assertTrue(error.remote_text)
        self.assertIn(error.remote_text, error.message)

    def test_the_code_decides_what_to_do(self):
        self.client().contacts.create({"email": "eve@example.com"})
        ada = self.ada()
        self.run_jobs()
        ada.email = "eve@example.com"
        self.run_jobs()
        (error,) = self.errors()
        self.assertEqual(error.code, "duplicate")
        self.assertIn("Merge the two", error.hint)

    def test_row_9_name_and_reason_outlive_the_record(self):
        """User requirement 9: whoever looks later still reads whom it was about."""
        partner = self.refused()
        link = self.binding(partner)
        partner.unlink()
        self.run_jobs()
        (error,) = self.errors()
        self.assertFalse(link.exists())
        self.assertFalse(error.binding_id)
        self.assertEqual(error.record_name, "Ada Lovelace")
        self.assertEqual(error.state, "ignored")
        with self.assertRaisesRegex(UserError, "Ada Lovelace.*does not exist"):
            error.action_open_record()
        with self.assertRaisesRegex(UserError, "Nothing can be repeated"):
            error.action_retry()

    def test_a_repetition_is_counted_and_the_last_is_the_end(self):
        """User requirement 11: the fifth failure is the last, the others go on."""
        other = self.make_partners({"name": "Bob", "email": "bob@example.com"})
        self.run_jobs()
        partner = self.refused(times=5)  # Bob's next change goes another way, by PUT
        other.phone = "2"
        for _try in range(4):
            self.retry_failed()
        (error,) = self.errors()
        self.assertEqual((error.count, error.tries, error.state), (5, 5, "dead"))
        self.assertLessEqual(error.first_seen, error.last_seen)
        self.assertEqual(self.binding(other).state, "synced")
        self.assertEqual(self.simulator.contacts()["bob@example.com"]["phone"], "2")
        self.env["ac.odoo.config"]._cron_batch()
        self.retry_failed()
        self.assertEqual(self.binding(partner).state, "dead")
        self.assertEqual(self.errors().count, 5)

    def test_success_solves_it_and_the_next_failure_is_news(self):
        partner = self.refused(times=1)
        self.retry_failed()
        self.assertEqual(self.errors().state, "solved")
        self.simulator.faults({**REFUSED, "path": "contacts/", "method": "PUT"})
        partner.phone = "2"
        self.run_jobs()
        self.assertEqual(self.errors().mapped("state"), ["solved", "open"])

    def test_what_is_skipped_now_is_no_error_any_more(self):
        partner = self.refused()
        partner.email = False
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "skipped")
        self.assertEqual(self.errors().state, "solved")

    def test_fifty_failures_cost_no_more_queries_than_five(self):
        costs = []
        for count in (5, 50):
            partners = self.make_partners(
                *[
                    {"name": f"P {n}", "email": f"p{count}-{n}@example.com"}
                    for n in range(count)
                ]
            )
            self.run_jobs()
            links = partners.ac_binding_ids
            costs.append([self.cost(links), self.cost(links)])  # new, then repeated
            self.assertEqual(len(self.errors(("binding_id", "in", links.ids))), count)
        self.assertLessEqual(costs[1][0], costs[0][0] + 2)
        self.assertLessEqual(costs[1][1], costs[0][1] + 2)

    def cost(self, links):
        """Return the queries of noting that none of them could be sent."""
        error = Rejected("Odd", status=422)
        outcomes = [outbox.Outcome(link.id, "failed", error=error) for link in links]
        with transaction(self.env) as env:
            before = sql_db.sql_counter
            env["ac.error.log"]._record_outcomes(outcomes)
            env.flush_all()
            return sql_db.sql_counter - before

    # The account ------------------------------------------------------------------

    def test_what_stops_the_account_is_one_entry_until_it_goes_on(self):
        self.ada()
        self.config.ac_api_key = "wrong"
        self.perform("push")
        with self.assertRaisesRegex(RetryableJobError, "does not let us in"):
            self.perform("push")  # paused: nothing new is known
        self.cr.rollback()
        (error,) = self.errors()
        self.assertEqual((error.count, error.status, error.job), (1, 403, "push"))
        self.assertFalse(error.binding_id or error.res_id)
        self.assertIn("does not accept the API key", error.message)
        self.config.ac_api_key = "simulator-key"
        self.perform("push")
        self.assertEqual(self.errors().state, "solved")

    def test_an_outage_is_one_entry_until_it_is_over(self):
        self.ada()
        self.simulator.faults({"kind": "drop", "times": 10})
        self.postponed("push")
        self.postponed("push")
        (error,) = self.errors()
        self.assertEqual((error.count, error.job), (2, "push"))
        self.assertIn("could not be reached", error.message)
        self.assertIn("tried again by itself", error.hint)
        self.mend()
        self.perform("push")
        self.assertEqual(self.errors().state, "solved")

    def test_an_entry_outlives_the_rollback_of_the_failed_job(self):
        self.ada()
        self.commit()
        self.cr.execute("ALTER TABLE ac_binding RENAME COLUMN sent TO unsent")
        self.commit()
        try:
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
                self.config._job_push()
        finally:
            self.cr.rollback()
            self.cr.execute("ALTER TABLE ac_binding RENAME COLUMN unsent TO sent")
            self.commit()
        (error,) = self.errors()
        self.assertEqual(error.job, "push")
        self.assertIn("database refused", error.message)


@tagged("post_install", "-at_install")
class TestNothingPersonal(ErrorCase):
    def test_content_keeps_its_shape_and_loses_its_values(self):
        self.refused(phone="+32 2 555 01 02", email="ada.lovelace@example.com")
        (error,) = self.errors()
        for value in ("ada", "Lovelace", "555", "example.com"):
            self.assertNotIn(value.lower(), error.payload.lower())
        self.assertIn('"email": "xxx.xxxxxxxx@xxxxxxx.xxx"', error.payload)
        self.assertRegex(error.payload, r'"phone": "\+99[9 ]+"')

    def test_a_name_that_is_an_address_is_masked(self):
        self.refused(name="ada@example.com")
        self.assertEqual(self.errors().record_name, "xxx@xxxxxxx.xxx")

    def test_row_25_no_log_names_the_address(self):
        """User requirement 25; tests/e2e/test_secrets.py reads the server's log, too."""
        email = "row25.person@example.com"
        echo = Rejected(f"The address {email} is odd", status=422)
        partner = self.refused(times=1, email=email)
        link = self.binding(partner)
        partner.phone = "0"
        self.commit()
        with transaction(self.env) as env:
            config = self.config.with_env(env)
            outbox.claim(env, config, OBJECTS["contact"], "token")
            failed = outbox.Outcome(link.id, "failed", error=echo)
            outbox.settle(env, "token", [failed])
        self.config._report(echo, "push")
        self.simulator.faults({"kind": "drop", "times": 5})
        partner.phone = "1"
        self.postponed("push")
        self.retry_failed()
        self.assertGreaterEqual(len(self.errors()), 3)
        for table in LOGS:
            self.cr.execute(
                SQL("SELECT t::text FROM %s t", SQL.identifier(table)),
            )
            rows = [row for (row,) in self.cr.fetchall() if email in row]
            self.assertEqual(rows, [], table)
        messages = "\n".join(self.errors().mapped("message"))
        self.assertIn("xxx99.xxxxxx@xxxxxxx.xxx", messages)
