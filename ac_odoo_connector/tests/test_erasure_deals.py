# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deals whose title names the buyer, and the buyer is erased."""

from odoo.tests import tagged

from .deal_case import DealCase
from .privacy_case import PrivacyCase

TITLE = "{{ object.partner_id.name }}"


@tagged("post_install", "-at_install")
class TestErasureAndDeals(PrivacyCase, DealCase):
    def setUp(self):
        super().setUp()
        self.config.deal_title = TITLE
        values = {"name": "Engines", "email": "engines@example.com", "is_company": True}
        self.ada.parent_id = self.make_partners(values)
        self.run_jobs()

    def titles(self):
        return [deal["title"] for deal in self.simulator.state()["deals"].values()]

    def test_none_stands_in_the_name_of_the_company(self):
        self.erased(partner_choice="keep")
        order = self.order(self.ada)
        self.run_jobs()
        link = self.binding(order)
        self.assertEqual((link.state, link.skip_reason), ("skipped", "erased"))
        self.assertEqual(self.titles(), [])

    def test_a_deal_that_stays_is_called_by_its_number(self):
        for name, parent in (("Cy One", self.ada.parent_id.id), ("Cy Two", False)):
            with self.subTest(name):
                cy = self.partner(name, parent_id=parent)
                order = self.order(cy)
                self.run_jobs()
                self.assertIn(name, self.titles())
                self.erased(cy)
                self.assertNotIn(name, self.titles())
                self.assertIn(order.name, self.titles())

    def test_who_comes_back_brings_the_orders(self):
        order = self.order(self.ada)
        self.run_jobs()
        self.erased(partner_choice="keep")
        order.order_line[0].price_unit += 1
        self.run_jobs()
        self.assertEqual(self.binding(order).skip_reason, "erased")
        self.wizard().action_readmit()
        self.run_jobs()
        self.assertEqual(self.binding(order).state, "synced")
        self.assertEqual(self.titles(), ["Ada Lovelace"])

    def test_no_announced_title_and_no_audit_names_the_person(self):
        order = self.order(self.ada)
        self.run_jobs()
        with self.client() as client:
            client.deals.update(self.binding(order).remote_id, {"title": "Other"})
        self.config.action_audit()
        self.run_jobs()
        tables = [t.split(":")[0] for t in self.dump() if "Lovelace" in t]
        self.assertLessEqual({"ac_binding", "ac_audit_line"}, set(tables))
        self.erased()
        self.assertEqual([t for t in self.dump() if "Lovelace" in t], [])
