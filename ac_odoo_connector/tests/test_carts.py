# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Website quotations that were left become abandoned carts, and orders when bought.

`website_sale` is not installed here: another field says what was made on the website.
"""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..engine import carts
from .sales_case import SalesCase


@tagged("post_install", "-at_install")
class TestCarts(SalesCase):
    def setUp(self):
        super().setUp()
        self.patch(carts, "MADE_ON_WEBSITE", "client_order_ref")
        self.config.cart_hours = 3
        self.config.carts_since = fields.Datetime.now() - timedelta(days=2)
        self.commit()

    def cart(self, hours=4, **values):
        order = self.order(confirm=False, **{"client_order_ref": "web", **values})
        self.age(order, hours)
        return order

    def age(self, order, hours):
        self.commit()
        for table, column in (("sale_order", "id"), ("sale_order_line", "order_id")):
            self.cr.execute(
                f"UPDATE {table} SET write_date = write_date - %s * INTERVAL '1 hour' "
                f"WHERE {column} = %s",
                (hours, order.id),
            )
        self.cr.execute(
            "UPDATE ac_binding SET marked_at = marked_at - %s * INTERVAL '1 hour'",
            (hours,),
        )
        self.commit()
        self.env.invalidate_all()

    def cron(self):
        self.env["ac.odoo.config"]._cron_carts()
        self.run_jobs()

    def test_left_cart_is_told(self):
        order = self.cart()
        self.cron()
        (there,) = self.by_rest()
        self.assertEqual(there["externalcheckoutid"], str(order.id))
        self.assertTrue(there["abandonedDate"])
        self.assertEqual(str(there["source"]), "1")
        self.assertEqual(int(there["state"]), 2)
        self.assertFalse(self.over_there())

    def test_cart_becomes_the_order(self):
        order = self.cart()
        self.cron()
        (cart,) = self.by_rest()
        order.action_confirm()
        self.run_jobs()
        (there,) = self.by_rest()
        self.assertEqual(there["id"], cart["id"])
        self.assertEqual(there["externalid"], str(order.id))
        self.assertEqual(int(there["state"]), 3)
        order.order_line.product_uom_qty = 9
        self.run_jobs()
        (there,) = self.by_rest()
        self.assertEqual(int(there["totalPrice"]), 9000)
        self.assertEqual(self.started(), 1)

    def test_fresh_ones_and_those_of_the_office_wait(self):
        self.cart(hours=1)
        self.cart(client_order_ref=False)
        self.cron()
        self.assertFalse(self.by_rest())

    def test_looked_at_once(self):
        nobody = self.make_partners({"name": "Bo", "email": "no address"})
        self.cart(partner=nobody)
        self.cart()
        self.cron()
        marked = (
            self.env["ac.binding"]
            .search([("object", "=", "order")])
            .mapped("marked_at")
        )
        self.env["ac.odoo.config"]._cron_carts()
        self.commit()
        self.env.invalidate_all()
        after = (
            self.env["ac.binding"]
            .search([("object", "=", "order")])
            .mapped("marked_at")
        )
        self.assertEqual(marked, after)

    def test_changed_cart_is_updated(self):
        order = self.cart()
        self.cron()
        order.order_line.product_uom_qty = 9
        self.run_jobs()
        (there,) = self.by_rest()
        self.assertEqual(int(there["totalPrice"]), 9000)
        self.assertTrue(there["externalcheckoutid"])

    def test_cancelled_cart_goes(self):
        order = self.cart()
        self.cron()
        order._action_cancel()
        self.run_jobs()
        self.assertFalse(self.by_rest())
        self.assertEqual(self.started(), 0)
        order.action_draft()
        order.action_confirm()
        self.run_jobs()
        (there,) = self.by_rest()
        self.assertEqual(there["externalid"], str(order.id))
        self.assertEqual(self.started(), 1)

    def test_lost_answer_makes_no_second_one(self):
        order = self.cart()
        fault = {"kind": "accept_timeout", "seconds": 0.2, "times": 1}
        self.simulator.faults(fault | {"path": "ecomOrders$", "method": "POST"})
        self.env["ac.odoo.config"]._cron_carts()
        self.commit()
        self.postponed("push")
        order.action_confirm()
        self.run_jobs()
        (there,) = self.by_rest()
        self.assertEqual(there["externalid"], str(order.id))

    def test_off_by_default(self):
        self.config.cart_hours = 0
        self.cart()
        self.cron()
        self.assertFalse(self.by_rest())

    def test_option_says_when_it_can_do_nothing(self):
        self.patch(carts, "MADE_ON_WEBSITE", "no_such_field")
        self.cart()
        self.cron()
        self.assertFalse(self.config.has_carts)
        self.assertFalse(self.by_rest())
