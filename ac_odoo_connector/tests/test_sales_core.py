# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How orders and products get into the outbox, and whose turn it is."""

from .common import ConnectorCase


class TestSalesCore(ConnectorCase):
    def setUp(self):
        super().setUp()
        last = self.last_product_id
        self.config.write(
            {
                "sync_deals": True,
                "sync_orders": True,
                "sync_products": True,
                "product_domain": str([("id", ">", last)]),
            }
        )
        self.commit()

    def _order(self, **partner):
        partner = self.env["res.partner"].create({"name": "Ada", **partner})
        product = self.env["product.product"].create({"name": "Engine"})
        line = {"product_id": product.id, "product_uom_qty": 2, "price_unit": 5}
        order = self.env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [(0, 0, line)]}
        )
        self.commit()
        return order

    def _links(self, record):
        links = self.env["ac.binding"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
        return {link.object: link for link in links}

    def test_an_order_is_marked_with_its_product(self):
        order = self._order(email="ada@example.com")
        self.assertEqual(set(self._links(order)), {"deal", "order"})
        self.assertEqual(set(self._links(order.order_line.product_id)), {"product"})

    def test_a_line_marks_its_order(self):
        order = self._order(email="ada@example.com")
        self.cr.execute("UPDATE ac_binding SET state = 'synced'")
        self.commit()
        order.order_line.product_uom_qty = 3
        self.commit()
        self.assertEqual(self._links(order)["deal"].state, "pending")

    def test_a_template_marks_its_variants(self):
        product = self._order(email="ada@example.com").order_line.product_id
        self.cr.execute("UPDATE ac_binding SET state = 'synced'")
        self.commit()
        product.product_tmpl_id.list_price = 7
        self.commit()
        self.assertEqual(self._links(product)["product"].state, "pending")

    def test_an_order_of_nobody_is_skipped_until_its_partner_is_a_contact(self):
        order = self._order()
        self.perform("push")
        self.assertEqual(self._links(order)["deal"].skip_reason, "no_contact")
        order.partner_id.email = "ada@example.com"
        self.perform("push")
        self.assertNotEqual(self._links(order)["deal"].skip_reason, "no_contact")

    def test_nothing_is_marked_when_switched_off(self):
        self.config.write(
            {"sync_deals": False, "sync_orders": False, "sync_products": False}
        )
        order = self._order(email="ada@example.com")
        self.assertFalse(self._links(order))
