# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways out of errors, ways to them, and who may go them."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .error_case import REFUSED, ErrorCase
from .sales_case import SalesCase
from .test_products import ProductCase


@tagged("post_install", "-at_install")
class TestWaysOut(ErrorCase):
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
        self.simulator.faults({"kind": "drop", "path": "tags"})
        self.postponed("metadata")
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
        self.assertEqual(self.leads_to_errors(partner), error)
        for record in (link, self.config):
            self.assertEqual(self.leads_to_errors(record, "action_view_errors"), error)
        counts = partner.ac_error_count, link.error_count, self.config.error_count
        self.assertEqual(counts, (1, 1, 1))

    def leads_to_errors(self, record, button="action_ac_errors"):
        """Return the errors that a button of a record shows."""
        action = getattr(record, button)()
        return self.env[action["res_model"]].search(action["domain"])

    def test_events_lead_to_their_errors(self):
        self.refused()
        event, other = self.env["ac.event"].create(
            [
                {"config_id": self.config.id, "type": "update", "key": key}
                for key in ("one", "two")
            ]
        )
        error = self.errors()
        error.event_id = event
        self.assertEqual(self.leads_to_errors(event, "action_view_errors"), error)
        self.assertFalse(self.leads_to_errors(other, "action_view_errors"))
        self.assertEqual((event.error_count, other.error_count), (1, 0))

    def test_a_run_knows_its_errors(self):
        partner = self.ada()
        self.cr.execute("DELETE FROM queue_job")
        self.simulator.faults({**REFUSED, "path": "bulk_import|contact/sync"})
        run = self.env["ac.sync.run"]._start(self.config)
        self.perform("run")
        error = self.errors()
        self.assertEqual((error.run_id, error.res_id), (run, partner.id))
        self.assertEqual((run.error_count, run.failed), (1, 1))
        self.assertEqual(self.leads_to_errors(run, "action_view_errors"), error)

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
class TestWaysOfSales(SalesCase, ProductCase):
    def test_orders_and_products_lead_to_their_errors(self):
        self.run_jobs()
        self.simulator.faults({"kind": "status", "status": 422, "path": "graphql"})
        self.product.name = "Sledge"
        order = self.order()
        self.run_jobs()
        for record, about in (
            (order, order),
            (self.product, self.product),
            (self.product.product_tmpl_id, self.product),
        ):
            action = record.action_ac_errors()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found.binding_id._record(), about)
            self.assertEqual(record.ac_error_count, 1)
