# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contact tags: added and removed, and only those that the connector owns."""

from odoo.tests import tagged

from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestTags(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.config.write({"customer_tag": "Odoo-Customer", "lead_tag": "Odoo-Lead"})
        self.ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        categories = self.env["res.partner.category"]
        self.vip, self.press = categories.create([{"name": "VIP"}, {"name": "Press"}])
        self.addCleanup(self._delete, self.vip | self.press)

    def _delete(self, records):
        records.exists().unlink()
        self.commit()

    def tags(self, email="ada@example.com"):
        return set(self.simulator.contacts()[email]["tags"])

    def order(self, partner):
        product = self.env["product.product"].search([("sale_ok", "=", True)], limit=1)
        product = product or self.env["product.product"].create({"name": "Thing"})
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        self.addCleanup(self._drop_order, order)
        return order

    def _drop_order(self, order):
        self.cr.rollback()
        if order.exists():
            order._action_cancel()
            order.unlink()
        self.commit()

    def test_categories_are_added_and_removed(self):
        self.ada.category_id = self.vip | self.press
        self.run_jobs()
        self.assertEqual(self.tags(), {"VIP", "Press", "Odoo-Lead"})
        self.ada.category_id = self.press
        self.run_jobs()
        self.assertEqual(self.tags(), {"Press", "Odoo-Lead"})

    def test_partners_are_added_and_removed_from_the_category(self):
        late = self.env["res.partner.category"].create(
            {"name": "Late", "partner_ids": [(6, 0, self.ada.ids)]}
        )
        self.addCleanup(self._delete, late)
        self.vip.partner_ids = self.ada
        self.run_jobs()
        self.assertEqual(self.tags(), {"Late", "VIP", "Odoo-Lead"})
        self.vip.partner_ids = False
        self.run_jobs()
        self.assertEqual(self.tags(), {"Late", "Odoo-Lead"})

    def test_tags_of_others_are_never_touched(self):
        self.ada.category_id = self.vip
        self.run_jobs()
        contact = next(self.client().contacts.list(email="ada@example.com"))["id"]
        tag = self.client().tags.create({"tag": "By hand", "tagType": "contact"}).id
        self.client().contact_tags.create({"contact": contact, "tag": tag})
        self.ada.category_id = False
        self.run_jobs()
        self.assertEqual(self.tags(), {"By hand", "Odoo-Lead"})

    def test_known_tag_is_used_whatever_its_case(self):
        """User requirement 33."""
        self.client().tags.create({"tag": "vip", "tagType": "contact"})
        self.ada.category_id = self.vip
        self.run_jobs()
        self.assertEqual(self.tags(), {"vip", "Odoo-Lead"})

    def test_first_confirmed_order_makes_a_customer(self):
        self.run_jobs()
        self.assertEqual(self.tags(), {"Odoo-Lead"})
        order = self.order(self.ada)
        self.run_jobs()
        self.assertEqual(self.tags(), {"Odoo-Lead"})
        order.action_confirm()
        self.run_jobs()
        self.assertEqual(self.tags(), {"Odoo-Customer"})

    def test_order_of_a_person_makes_the_company_a_customer(self):
        company = self.make_partners(
            {"name": "Acme", "is_company": True, "email": "office@example.com"}
        )
        self.ada.parent_id = company
        colleague = {"name": "Eve", "email": "eve@example.com"}
        self.make_partners({**colleague, "parent_id": company.id})
        self.order(self.ada).action_confirm()
        self.run_jobs()
        self.assertEqual(self.tags("office@example.com"), {"Odoo-Customer"})
        self.assertEqual(self.tags("eve@example.com"), {"Odoo-Lead"})

    def test_names_are_the_accounts_choice(self):
        self.config.write({"customer_tag": "Buyer", "lead_tag": False})
        self.run_jobs()
        self.assertEqual(self.tags(), set())
        self.order(self.ada).action_confirm()
        self.run_jobs()
        self.assertEqual(self.tags(), {"Buyer"})

    def test_one_category_for_a_crowd_takes_one_import(self):
        crowd = self.make_partners(
            *[{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(30)]
        )
        self.run_jobs()
        self.simulator.forget_log()
        crowd.category_id = self.vip
        self.run_jobs()
        self.assertEqual(self.tags("p29@example.com"), {"VIP", "Odoo-Lead"})
        paths = [call["path"] for call in self.simulator.calls()]
        self.assertEqual(paths.count("/api/3/import/bulk_import"), 1)
        self.assertEqual(paths.count("/api/3/contacts"), 0)
        self.assertEqual(set(crowd.ac_binding_ids.mapped("state")), {"synced"})
