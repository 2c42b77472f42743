# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was not sent: which record, what happened, what to do, and what became of it."""

import psycopg2

from odoo import sql_db
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..activecampaign import Rejected
from ..engine import outbox
from ..engine.transaction import transaction
from .common import ConnectorCase

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
REFUSED = {"kind": "status", "status": 422, "path": "contact/sync"}


class ErrorCase(ConnectorCase):
    def ada(self, **values):
        return self.make_partners(
            {"name": "Ada Lovelace", "email": "ada@example.com", **values}
        )

    def refused(self, times=None, **values):
        """Return a partner that ActiveCampaign has refused; its error is there."""
        self.simulator.faults({**REFUSED, "times": times})
        partner = self.ada(**values)
        self.run_jobs()
        return partner

    def errors(self, *domain):
        self.commit()
        self.env.invalidate_all()
        return self.env["ac.error.log"].search([*domain], order="id")

    def mend(self):
        self.simulator.call("DELETE", "faults")

    def user(self, role):
        groups = f"base.group_user,ac_odoo_connector.group_{role}"
        user = new_test_user(self.env, f"errors_{role}", groups)
        self.addCleanup(self.commit)
        self.addCleanup(user.unlink)
        return user


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
        self.perform("push")
        (error,) = self.errors()
        self.assertEqual((error.count, error.status, error.job), (2, 403, "push"))
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

    # Ways out ---------------------------------------------------------------------

    def test_retry_sends_again(self):
        partner = self.refused(times=1)
        error = self.errors()
        error.action_retry()
        self.assertEqual(self.errors().state, "retrying")
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "synced")
        self.assertEqual(self.errors().state, "solved")
        self.assertEqual(self.simulator.calls()[-1]["method"], "POST")

    def test_a_retry_in_vain_is_open_again(self):
        self.refused()
        self.errors().action_retry()
        self.run_jobs()
        error = self.errors()
        self.assertEqual((error.state, error.count), ("open", 2))

    def test_retry_all_leaves_what_is_ignored(self):
        self.simulator.faults({**REFUSED, "times": 3})
        people = self.make_partners(
            *[{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(3)]
        )
        self.run_jobs()
        left = self.errors(("res_id", "=", people[2].id))
        left.action_ignore()
        self.env["ac.error.log"].action_retry_all()
        self.run_jobs()
        states = [self.binding(partner).state for partner in people]
        self.assertEqual(states, ["synced", "synced", "failed"])
        left.action_reopen()
        self.assertEqual(left.state, "open")

    def test_an_ignored_error_is_counted_in_silence(self):
        self.refused(times=2)
        self.errors().action_ignore()
        self.retry_failed()
        error = self.errors()
        self.assertEqual((error.state, error.count), ("ignored", 2))
        self.retry_failed()
        self.assertEqual(self.errors().state, "solved")

    def test_retry_of_an_account_repeats_its_job(self):
        self.simulator.faults({"kind": "status", "status": 403, "path": "tags"})
        self.perform("metadata")
        (error,) = self.errors()
        self.assertEqual((error.job, error.direction), ("metadata", "pull"))
        self.mend()
        error.action_retry()
        self.run_jobs()
        self.assertEqual(self.errors().state, "solved")

    def test_a_deletion_that_failed_is_repeated(self):
        self.config.delete_policy = "delete"
        ada = self.ada()
        self.run_jobs()
        self.simulator.faults({"kind": "status", "status": 422, "method": "DELETE"})
        ada.unlink()
        self.run_jobs()
        self.mend()
        self.errors().action_retry()
        self.run_jobs()
        self.assertEqual(self.simulator.contacts(), {})
        self.assertEqual(self.errors().state, "solved")

    def test_records_and_errors_lead_to_each_other(self):
        partner = self.refused()
        error, link = self.errors(), self.binding(partner)
        for record, button in (
            (partner, "action_ac_errors"),
            (link, "action_view_errors"),
            (self.config, "action_view_errors"),
        ):
            action = getattr(record, button)()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, error)
        counts = partner.ac_error_count, link.error_count, self.config.error_count
        self.assertEqual(counts, (1, 1, 1))

    def test_a_run_knows_its_errors(self):
        partner = self.ada()
        self.cr.execute("DELETE FROM queue_job")
        self.simulator.faults({**REFUSED, "path": "bulk_import|contact/sync"})
        run = self.env["ac.sync.run"]._start(self.config)
        self.perform("run")
        error = self.errors()
        self.assertEqual((error.run_id, error.res_id), (run, partner.id))
        self.assertEqual((run.error_count, run.failed), (1, 1))

    def test_roles(self):
        self.refused()
        user, operator = self.user("user"), self.user("operator")
        error = self.errors()
        for button in ("action_retry", "action_ignore", "action_reopen"):
            with self.assertRaises(AccessError):
                getattr(error.with_user(user), button)()
        with self.assertRaises(AccessError):
            self.env["ac.error.log"].with_user(user).action_retry_all()
        with self.assertRaises(AccessError):
            error.with_user(operator).write({"state": "solved"})
        error.with_user(operator).action_ignore()
        self.assertEqual(error.state, "ignored")

    def test_another_company_neither_sees_nor_repeats_it(self):
        """User requirement 36."""
        self.config.company_id = self.company("Mine AG")
        self.refused()
        other = self.company("Other AG")
        operator = self.user("operator")
        operator.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        error = self.errors().with_user(operator)
        self.assertFalse(error.search([]))
        with self.assertRaises(AccessError):
            error.action_retry()


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
        with transaction(self.env) as env:
            outbox.settle(
                env, link.claim, [outbox.Outcome(link.id, "failed", error=echo)]
            )
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
        self.assertIn("xxx99.xxxxxx@xxxxxxx.xxx", self.errors()[-1].message)
