# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an order consists of, whatever became of its products."""

from odoo.tests import tagged

from ..mapping.registry import OBJECTS
from .sales_case import SalesCase


@tagged("post_install", "-at_install")
class TestOrderLines(SalesCase):
    def items(self, order):
        return self.over_there()[str(order.id)]["lineItems"]

    def test_lines_with_sections_notes_and_discounts(self):
        order = self.order({"product_uom_qty": 3, "price_unit": 10, "discount": 20})
        texts = [
            {"display_type": "line_section", "name": "Tools"},
            {"display_type": "line_note", "name": "Handle with care"},
        ]
        order.order_line = [(0, 0, values) for values in texts]
        self.run_jobs()
        (item,) = self.items(order)
        self.assertEqual(item["sku"], "H-1")
        self.assertEqual(item["quantity"], 3)
        self.assertEqual(item["priceAmount"], 10)
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["discountsAmount"], 6)
        self.assertEqual(there["finalAmount"], 24)

    def test_tax_in_the_price(self):
        tax = self.env["account.tax"].create(
            {"name": "T19", "amount": 19, "price_include_override": "tax_included"}
        )
        self.product.taxes_id = tax
        order = self.order({"product_uom_qty": 3, "price_unit": 19.99, "discount": 10})
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        items = sum(i["priceAmount"] * i["quantity"] for i in there["lineItems"])
        total = items + there["taxAmount"] - there["discountsAmount"]
        self.assertAlmostEqual(there["finalAmount"], order.amount_total)
        self.assertAlmostEqual(total, order.amount_total, 2)
        self.assertAlmostEqual(there["taxAmount"], order.amount_tax)
        self.addCleanup(self._drop_tax, tax.id)

    def _drop_tax(self, tax_id):
        self.env["account.tax"].browse(tax_id).active = False
        self.commit()

    def test_archived_product_goes_by_its_line(self):
        order = self.order({"name": "Old Hammer\nred"})
        other = self.order()
        self.product.active = False
        self.product.default_code = False
        self.run_jobs()
        (item,) = self.items(order)
        self.assertEqual(item["name"], "Old Hammer")
        self.assertTrue(self.items(other))

    def test_deleted_product_goes_by_its_line(self):
        """Odoo archives a sold product that is deleted; a line without any is a plain
        test of the mapping."""
        order = self.order({"name": "Old Hammer"})
        other = self.order()
        self.run_jobs()
        self.product._unlink_or_archive()
        order.order_line.product_uom_qty = 3
        other.order_line.product_uom_qty = 3
        self.run_jobs()
        (item,) = self.items(order)
        self.assertEqual((item["name"], item["quantity"]), ("Old Hammer", 3))
        self.assertEqual(self.items(other)[0]["quantity"], 3)

    def test_negative_line_is_a_discount(self):
        order = self.order(
            {"price_unit": 50},
            {"name": "Voucher", "price_unit": -5, "product_uom_qty": 1},
        )
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(len(there["lineItems"]), 1)
        self.assertEqual(there["discounts"][0]["name"], "Voucher")
        self.assertEqual(there["finalAmount"], 45)

    def test_line_change_updates_the_same_order(self):
        """User requirement 41."""
        order = self.order()
        self.run_jobs()
        order.order_line = [self.line(price_unit=7, name="Nail")]
        self.run_jobs()
        self.assertEqual([i["name"] for i in self.items(order)][1], "Nail")
        self.assertEqual(len(self.over_there()), 1)

    def test_queries_do_not_grow_with_the_orders(self):
        few = self.order() | self.order()
        many = few | self.env["sale.order"].concat(*(self.order() for _ in range(18)))
        self.run_jobs()
        counts = [self._queries(few), self._queries(many)]
        self.assertLessEqual(counts[1], counts[0] + 2)

    def _queries(self, orders):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        facts = self.config._facts(OBJECTS["order"], orders)
        for order in orders:
            OBJECTS["order"].to_ac(order, facts)
        return self.cr.sql_log_count - before
