# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What differs because something is still under way is said to wait, what was skipped or
given up is said to be held; both are left alone."""

from odoo.tests import tagged

from .audit_case import LEAD, AuditCase
from .deal_case import DealCase
from .sales_case import SalesCase


class WaitingCase(AuditCase):
    def audited_alone(self):
        """Audit while what is marked waits; return the audit."""
        self.commit()
        self.config.action_audit()
        self.perform("audit")
        return self.last()

    def hold(self, state, name):
        """Have links skipped or given up as if their pushes had ended so."""
        self.cr.execute(
            "UPDATE ac_binding SET state = %s, synced_at = '2020-01-01' "
            "WHERE object = %s",
            (state, name),
        )
        self.env["ac.binding"].invalidate_model()

    def assertWaits(self, run, cause="waiting"):
        """All that differs waits, and a repair neither sends nor hears anything."""
        self.assertEqual(run.state, "done", run.message)
        self.assertEqual({*run.line_ids.mapped("cause")}, {cause})
        self.cr.execute("UPDATE ac_binding SET next_try_at = '2099-01-01'")
        before = self.env["ac.event"].search_count([])
        self.simulator.forget_log()
        self.assertEqual({*self.repair()}, {"left"})
        self.assertEqual(self.simulator.writes(), [])
        self.assertEqual(self.env["ac.event"].search_count([]), before)


@tagged("post_install", "-at_install")
class TestContactsThatWait(WaitingCase):
    def test_a_tag_of_a_contact_that_is_to_be_sent(self):
        ada = self.linked("Ada Love")
        self.untag("ada@example.com")
        ada.phone = "7"
        run = self.audited_alone()
        self.assertEqual((run.line_ids.label, run.line_ids.here), ("Tag", LEAD))
        self.assertWaits(run)

    def test_a_tag_of_a_contact_that_was_given_up(self):
        self.linked("Ada Love")
        self.untag("ada@example.com")
        self.hold("dead", "contact")
        self.assertWaits(self.audited_alone(), "held")


@tagged("post_install", "-at_install")
class TestDealsThatWait(WaitingCase, DealCase):
    def edited(self, **values):
        """Return the audit of a deal that was edited over there and is to be sent."""
        order = self.order()
        self.run_jobs()
        self.act("deal_update", deal=self.deal()["id"], **values)
        order.order_line[0].price_unit += 1
        return self.audited_alone()

    def test_a_value(self):
        run = self.edited(value=1)
        self.assertEqual({*run.line_ids.mapped("label")}, {"Value"})
        self.assertWaits(run)

    def test_a_deal_that_was_won_over_there(self):
        run = self.edited(status=1)
        self.assertEqual({*run.line_ids.mapped("label")}, {"Status"})
        self.assertWaits(run)

    def test_a_deal_that_was_deleted_over_there(self):
        order = self.order()
        self.run_jobs()
        with self.client() as client:
            client.deals.delete(self.deal()["id"])
        order.order_line[0].price_unit += 1
        run = self.audited_alone()
        self.assertEqual(run.line_ids.record_name, order.display_name)
        self.assertWaits(run)

    def test_a_deal_that_was_given_up(self):
        self.order()
        self.run_jobs()
        self.act("deal_update", deal=self.deal()["id"], value=1, status=1)
        self.hold("dead", "deal")
        run = self.audited_alone()
        self.assertEqual({*run.line_ids.mapped("label")}, {"Status"})
        self.assertWaits(run, "held")

    def test_a_skipped_deal_that_was_deleted_over_there(self):
        order = self.order()
        self.run_jobs()
        with self.client() as client:
            client.deals.delete(self.deal()["id"])
        self.hold("skipped", "deal")
        run = self.audited_alone()
        self.assertEqual(run.line_ids.record_name, order.display_name)
        self.assertWaits(run, "held")


@tagged("post_install", "-at_install")
class TestOrdersThatWait(WaitingCase, SalesCase):
    def gone(self):
        """Return one of two orders; REST, which copies later, does not show it."""
        order = self.order()
        self.order()
        self.run_jobs()
        (rest,) = [o for o in self.by_rest() if o["externalid"] == str(order.id)]
        with self.client() as client:
            client.ecom_orders.delete(rest["id"])
        return order

    def test_an_order_that_was_sent_a_moment_ago(self):
        order = self.gone()
        run = self.audited_alone()
        self.assertEqual(run.line_ids.record_name, order.display_name)
        self.assertWaits(run)

    def test_an_order_that_is_to_be_sent(self):
        order = self.gone()
        self.cr.execute("UPDATE ac_binding SET synced_at = '2020-01-01'")
        order.order_line[0].price_unit += 1
        run = self.audited_alone()
        self.assertEqual(run.line_ids.record_name, order.display_name)
        self.assertWaits(run)

    def test_an_order_that_was_skipped(self):
        order = self.gone()
        self.hold("skipped", "order")
        run = self.audited_alone()
        self.assertEqual(run.line_ids.record_name, order.display_name)
        self.assertWaits(run, "held")
