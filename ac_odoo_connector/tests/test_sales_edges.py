# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a second reader of the sales found: history, order of events, forgotten marks."""

from odoo.tests import tagged

from ..engine import carts, marks
from ..mapping.registry import OBJECTS
from .sales_case import SalesCase
from .stage_case import StageCase


@tagged("post_install", "-at_install")
class TestDealEdges(StageCase):
    def test_archived_line_counts_no_more(self):
        line = self.line("draft", status="2", sequence=1)
        line.active = False
        self.order()
        self.run_jobs()
        (deal,) = self.simulator.state()["deals"].values()
        self.assertEqual(int(deal["status"]), 0)

    def test_move_out_of_the_first_stage_is_noted(self):
        """The shipped lines name a stage that this account never had."""
        order = self.order()
        self.linked(order)
        self.assertEqual(self.deal(order).sent["at"], ["1", "", 0])
        self.assertEqual(self.moved(order, "To Contact", by="api").state, "ignored")
        later = "2026-07-17T22:05:00-05:00"
        self.moved(order, "Follow Up", date_time=later)
        self.assertEqual(len(self.notes(order)), 1)

    def test_waiting_for_a_run_keeps_no_job_busy(self):
        self.cr.execute(
            "UPDATE ac_binding SET state = 'pending', priority = 1, remote_id = NULL, "
            "fingerprint = NULL WHERE object = 'contact'"
        )
        order = self.order()
        self.perform("push")
        self.assertEqual(self.deal(order).state, "pending")
        self.cr.execute("SELECT count(*) FROM queue_job WHERE state = 'pending'")
        self.assertEqual(self.cr.fetchone(), (0,))
        self.perform("run")
        self.run_jobs()
        self.assertEqual(self.deal(order).state, "synced")

    def test_nobody_is_who_has_no_email(self):
        self.cr.execute("UPDATE ac_metadata SET data = '{}' WHERE kind = 'user'")
        self.env.invalidate_all()
        self.assertFalse(self.config._people_by_email())

    def test_runs_from_before_orders_covered_partners(self):
        self.env["ac.sync.run"].create({"name": "Old", "config_id": self.config.id})
        names = {row.name for row in self.config._loaded_objects()}
        self.assertEqual(names, {"account", "contact"})


@tagged("post_install", "-at_install")
class TestOrderEdges(SalesCase):
    def test_order_of_who_shares_an_email_waits_for_the_main_one(self):
        twin = self.make_partners({"name": "Ada Too", "email": "ada@example.com"})
        order = self.order(partner=twin)
        self.run_jobs()
        self.assertEqual(self.binding(twin).skip_reason, "shared_email")
        self.cr.execute(
            "UPDATE ac_binding SET state = 'skipped', skip_reason = 'no_contact' "
            "WHERE object = 'order'; UPDATE ac_binding SET state = 'pending', "
            "fingerprint = NULL, sent = NULL WHERE object = 'contact' AND is_main"
        )
        self.perform("push")
        self.run_jobs()
        self.assertEqual(self.link(order).state, "synced")

    def test_order_goes_to_the_contact_that_was_found(self):
        """Who is filtered out must not become a contact by an order."""
        domain = [("id", ">", self.last_partner_id), ("name", "!=", "Left Out")]
        self.config.partner_domain = str(domain)
        company = {"name": "Inc", "is_company": True, "email": "inc@example.com"}
        person = {"name": "Left Out", "email": "left.out@example.com"}
        inc = self.make_partners(company)
        self.order(partner=self.make_partners({**person, "parent_id": inc.id}))
        self.run_jobs()
        (there,) = self.over_there().values()
        self.assertEqual(there["email"], "inc@example.com")
        self.assertNotIn("Left", str(there))

    def test_another_unit_is_another_price(self):
        order = self.order({"product_uom_qty": 1})
        self.run_jobs()
        (there,) = self.over_there().values()
        before = there["finalAmount"]
        line = order.order_line
        name = "product_uom" if "product_uom" in line._fields else "product_uom_id"
        line.write({name: self.env.ref("uom.product_uom_dozen").id})
        self.run_jobs()
        (there,) = self.over_there().values()
        self.assertEqual(there["finalAmount"], order.amount_total)
        self.assertNotEqual(there["finalAmount"], before)

    def test_refund_of_an_old_order_is_no_new_order(self):
        order = self.order()
        invoice = self.invoice(order)
        self.cr.execute("DELETE FROM ac_binding; DELETE FROM queue_job")
        self.commit()
        self.credit(invoice)
        self.run_jobs()
        self.assertFalse(self.over_there())

    def test_mark_aside_of_what_nobody_takes_is_none(self):
        """Orders may be switched on before the next claim fetches the mark."""
        self.config.sync_orders = False
        order = self.order()
        marks._mark_aside(self.env, {"order": order.ids, "contact": self.ada.ids})
        self.config.sync_orders = True
        for each in (OBJECTS["contact"], OBJECTS["order"]):
            marks.fetch_marks(self.env, each)
        self.assertEqual(self.binding(self.ada).state, "pending")
        self.assertFalse(self.link(order))

    def test_carts_of_before_are_history(self):
        self.patch(carts, "MADE_ON_WEBSITE", "client_order_ref")
        order = self.order(confirm=False, client_order_ref="web")
        for table, column in (("sale_order", "id"), ("sale_order_line", "order_id")):
            self.cr.execute(
                f"UPDATE {table} SET write_date = write_date - INTERVAL '1 year' "
                f"WHERE {column} = %s",
                (order.id,),
            )
        self.cr.execute("DELETE FROM ac_binding WHERE object = 'order'")
        self.env.invalidate_all()
        self.config.cart_hours = 3
        self.commit()
        self.env["ac.odoo.config"]._cron_carts()
        self.run_jobs()
        self.assertFalse(self.by_rest())
