# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders become e-commerce orders: once, in batches, and they follow what happens."""

from odoo.tests import tagged

from .sales_case import SalesCase

MANY = 500


def lost(path, times=2):
    """A fault: ActiveCampaign does what it is asked and its answers get lost."""
    fault = {"kind": "accept_timeout", "seconds": 0.2, "times": times}
    return fault | {"path": path, "method": "POST"}


@tagged("post_install", "-at_install")
class TestOrders(SalesCase):
    def people(self, number):
        return self.make_partners(
            *(
                {"name": f"Person {n}", "email": f"p{n}@example.com"}
                for n in range(number)
            )
        )

    def orders(self, number):
        """Create many confirmed orders of some people."""
        people = self.people(20)
        rows = [
            {
                "partner_id": people[n % 20].id,
                "order_line": [self.line(product_uom_qty=n % 7 + 1, price_unit=3.5)],
            }
            for n in range(number)
        ]
        orders = self.env["sale.order"].create(rows)
        orders.action_confirm()
        self.commit()
        return orders

    def test_confirmed_order_arrives(self):
        order = self.order()
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["finalAmount"], order.amount_total)
        self.assertEqual(there["email"], "ada@example.com")
        self.assertEqual(there["orderNumber"], order.name)
        self.assertEqual(there["normalizedStatus"], "COMPLETED")
        self.assertEqual(there["creationSource"], "REAL_TIME")
        self.assertEqual(self.link(order).remote_id, str(order.id))
        self.assertEqual(self.link(order).state, "synced")

    def test_partner_without_email_is_its_company(self):
        company = self.make_partners(
            {"name": "Acme", "is_company": True, "email": "office@example.com"}
        )
        buyer = self.make_partners({"name": "Bo", "parent_id": company.id})
        order = self.order(partner=buyer)
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["email"], "office@example.com")

    def test_quotation_waits_for_its_confirmation(self):
        order = self.order(confirm=False)
        self.run_jobs()
        self.assertEqual(self.link(order).skip_reason, "not_confirmed")
        order.action_confirm()
        self.run_jobs()
        self.assertIn(str(order.id), self.over_there())

    def test_cancelled_quotation_never_arrives(self):
        order = self.order(confirm=False)
        order._action_cancel()
        self.run_jobs()
        self.assertFalse(self.over_there())

    def test_nothing_is_sent_twice(self):
        order = self.order()
        self.run_jobs()
        self.simulator.forget_log()
        order.action_ac_sync_now()
        self.run_jobs()
        self.assertFalse(self.sent_orders())

    def test_live_orders_go_once_when_answers_get_lost(self):
        self.simulator.faults(lost("ecom/graphql$"))
        orders = self.orders(MANY)
        self.run_jobs()
        self.assertEqual(set(self.over_there()), {str(id_) for id_ in orders.ids})
        self.assertEqual(len(self.by_rest()), MANY)
        self.assertEqual(self.started(), MANY)
        self.assertLess(len(self.sent_orders()), 12)

    def test_history_starts_nothing_when_answers_get_lost(self):
        self.config.sync_orders = False
        orders = self.orders(MANY)
        self.config.sync_orders = True
        self.commit()
        self.simulator.faults(lost("ecom/graphql$"))
        self.config.action_sync_all()
        self.run_jobs()
        self.assertEqual(set(self.over_there()), {str(id_) for id_ in orders.ids})
        self.assertEqual(len(self.by_rest()), MANY)
        self.assertEqual(self.started(), 0)

    def test_history_stays_history(self):
        self.config.sync_orders = False
        order = self.order()
        self.config.sync_orders = True
        self.commit()
        self.config.action_sync_all()
        self.run_jobs()
        order.order_line.product_uom_qty = 5
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["lineItems"][0]["quantity"], 5)
        self.assertEqual(there["creationSource"], "HISTORICAL")
        self.assertEqual(self.started(), 0)

    def test_new_order_stays_new_in_a_later_run(self):
        order = self.order()
        self.run_jobs()
        order.order_line.product_uom_qty = 5
        self.config.action_sync_all()
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["creationSource"], "REAL_TIME")
        self.assertEqual(self.started(), 1)

    def test_person_may_send_history_as_new(self):
        self.config.sync_orders = False
        order = self.order()
        self.config.sync_orders = True
        self.commit()
        self.config.action_sync_all()
        self.run_jobs()
        self.link(order).write({"origin": "new", "fingerprint": False})
        order.action_ac_sync_now()
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["creationSource"], "REAL_TIME")

    def test_cancellation_follows(self):
        """User requirement 41."""
        order = self.order()
        self.run_jobs()
        order._action_cancel()
        self.run_jobs()
        self.assertEqual(len(self.over_there()), 1)
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["normalizedStatus"], "CANCELLED")

    def test_partial_refund_follows(self):
        """User requirement 41."""
        order = self.order()
        self.run_jobs()
        self.credit(self.invoice(order), quantity=1)
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["finalAmount"], 10)
        self.assertEqual(there["storeStatus"], "Partially Refunded")

    def test_full_refund_follows_and_is_taken_back(self):
        order = self.order()
        self.run_jobs()
        note = self.credit(self.invoice(order))
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["normalizedStatus"], "REFUNDED")
        note.button_draft()
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["normalizedStatus"], "COMPLETED")

    def test_invoiced_anew_is_no_refund(self):
        order = self.order()
        self.run_jobs()
        self.credit(self.invoice(order))
        self.invoice(order)
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["normalizedStatus"], "COMPLETED")
        self.assertEqual(there["finalAmount"], 20)

    def test_one_bad_order_does_not_hold_up_the_others(self):
        orders = self.orders(30)
        self.simulator.call("POST", "options", refused_orders=[str(orders[3].id)])
        self.run_jobs()
        self.assertEqual(len(self.over_there()), 29)
        self.assertEqual(self.link(orders[3]).state, "failed")
        self.assertEqual(self.link(orders[4]).state, "synced")
        self.assertLess(len(self.sent_orders()), 6)

    def test_deleted_order_by_policy(self):
        self.config.order_delete_policy = "delete"
        order = self.order()
        self.run_jobs()
        order._action_cancel()
        order.unlink()
        self.run_jobs()
        self.assertFalse(self.by_rest())


@tagged("post_install", "-at_install")
class TestOrdersByRest(SalesCase):
    def setUp(self):
        super().setUp()
        self.config.order_interface = "rest"
        self.commit()

    def test_order_arrives_in_cents(self):
        order = self.order({"product_uom_qty": 3, "price_unit": 9.99, "discount": 10})
        self.run_jobs()
        (there,) = self.by_rest()
        self.assertEqual(there["externalid"], str(order.id))
        self.assertEqual(int(there["totalPrice"]), round(order.amount_total * 100))
        self.assertEqual(self.link(order).remote_id, str(order.id))
        self.assertFalse(self.over_there())

    def test_change_and_cancellation_update_the_same_order(self):
        order = self.order()
        self.run_jobs()
        order.order_line.product_uom_qty = 4
        self.run_jobs()
        (there,) = self.by_rest()
        self.assertEqual(int(there["totalPrice"]), 4000)
        order._action_cancel()
        self.run_jobs()
        (there,) = self.by_rest()
        self.assertEqual(int(there["totalPrice"]), 0)

    def test_customer_is_made_once(self):
        self.order()
        self.order()
        self.run_jobs()
        self.assertEqual(len(self.by_rest()), 2)
        self.assertEqual(len(self.state()["ecomCustomers"]), 1)

    def test_lost_answer_makes_no_second_order(self):
        self.simulator.faults(lost("ecomOrders$", times=1))
        self.order()
        self.postponed("push")
        self.run_jobs()
        self.perform("push")
        self.assertEqual(len(self.by_rest()), 1)
        self.assertEqual(self.started(), 1)

    def test_duplicate_is_found(self):
        order = self.order()
        self.run_jobs()
        self.cr.execute(
            "UPDATE ac_binding SET remote_id = NULL, sent = NULL, fingerprint = NULL, "
            "intended_at = NULL WHERE object = 'order'"
        )
        order.order_line.product_uom_qty = 4
        self.run_jobs()
        (there,) = self.by_rest()
        self.assertEqual(int(there["totalPrice"]), 4000)

    def test_interface_is_chosen_once(self):
        self.order()
        self.run_jobs()
        with self.assertRaisesRegex(Exception, "Remove the shop"):
            self.config.order_interface = "graphql"
