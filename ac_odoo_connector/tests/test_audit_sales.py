# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deals are added up per pipeline, orders and products counted, samples compared."""

from odoo.tests import tagged

from .audit_case import AuditCase
from .deal_case import DealCase
from .sales_case import SalesCase
from .test_products import ProductCase


@tagged("post_install", "-at_install")
class TestAuditDeals(AuditCase, DealCase):
    def checks(self, run, state=None):
        found = run.check_ids.filtered(lambda c: c.object == "deal")
        return found.filtered(lambda c: not state or c.state == state)

    def stage_named(self, name):
        stages = self.simulator.state()["dealStages"]
        return next(id_ for id_, s in stages.items() if s["title"] == name)

    def edit(self, **values):
        self.act("deal_update", deal=self.deal()["id"], **values)

    def test_open_deals_add_up(self):
        one, two = self.orders(2)
        self.run_jobs()
        self.simulator.forget_log()
        run = self.audit()
        self.assertEqualSides(run)
        count, value = self.checks(run)
        self.assertEqual((count.here, count.there), (2, 2))
        total = one.amount_total + two.amount_total
        self.assertEqual((value.here, value.there), (total, total))
        self.assertEqual((count.measure, value.measure), ("count", "value"))
        self.assertIn(value.currency, count.label)
        self.assertEqual(self.simulator.writes(), [])

    def test_a_value_that_somebody_has_changed(self):
        order = self.order()
        self.run_jobs()
        self.edit(value=1)
        run = self.audit()
        line = self.assertDiffers(run, "Value", "lost", order)  # counted and drawn
        self.assertTrue(line.sampled)
        self.assertLess(run.agreement, 100)
        self.assertIn(f"{order.amount_total:.2f} ", line.here)
        self.assertIn("0.01 ", line.there)
        _count, value = self.checks(run)
        self.assertEqual(value.difference, round(0.01 - order.amount_total, 2))
        self.cr.execute("UPDATE ac_binding SET marked_at = '2020-01-01'")
        self.assertEqual(set(self.repair()), {"outbox"})
        link = self.env["ac.binding"].search([("object", "=", "deal")])
        self.assertGreater(link.marked_at.year, 2020)  # it took no years to arrive
        self.assertEqual(int(self.deal()["value"]), round(100 * order.amount_total))
        self.assertEqualSides(self.audit())

    def test_the_value_of_a_closed_deal_is_money(self):
        """Only the sample looks at it."""
        order = self.order()
        self.run_jobs()
        self.edit(status=1)
        self.run_jobs()
        self.audit()
        self.repair()
        self.run_jobs()
        self.edit(value=1)
        line = self.audit().line_ids.filtered(lambda line: line.label == "Value")
        self.assertEqual((line.here, line.there), (f"{order.amount_total:.2f}", "0.01"))

    def test_an_order_that_changed_without_a_mark(self):
        order = self.order()
        self.run_jobs()
        self.cr.execute(
            "UPDATE sale_order SET amount_untaxed = 7, amount_total = 7 WHERE id = %s",
            order.ids,
        )
        self.env.invalidate_all()
        run = self.audit()
        self.assertEqual(set(run.line_ids.mapped("cause")), {"unsent"})
        self.assertEqual(set(self.repair()), {"outbox"})
        self.assertEqual(int(self.deal()["value"]), 700)

    def test_a_deal_that_was_won_over_there(self):
        order = self.order()
        self.run_jobs()
        self.edit(status=1)
        run = self.audit()
        line = run.line_ids.filtered(lambda x: x.label == "Status")
        self.assertEqual(
            (line.here, line.there, line.cause), ("Open", "Won", "unheard")
        )
        count, _value = self.checks(run)
        self.assertEqual((count.here, count.there), (1, 0))
        self.assertEqual(set(self.repair()), {"inbox"})
        notes = "".join(str(body) for body in order.message_ids.mapped("body"))
        self.assertIn("Won", notes)
        self.assertEqualSides(self.audit())

    def test_a_deal_that_was_moved_over_there(self):
        self.order()
        self.run_jobs()
        self.edit(stage=self.stage_named("Follow Up"))
        run = self.audit()
        self.assertDiffers(run, "Stage", "unheard")
        self.assertIn("Follow Up", run.line_ids.there)
        self.assertEqual(self.repair(), ["inbox"])
        self.assertEqualSides(self.audit())

    def test_a_deleted_deal(self):
        order = self.order()
        self.run_jobs()
        with self.client() as client:
            client.deals.delete(self.deal()["id"])
        run = self.audit()
        self.assertEqual(set(run.line_ids.mapped("cause")), {"deleted"})
        self.assertEqual(set(run.line_ids.mapped("record_name")), {order.display_name})
        self.assertEqual(set(self.repair()), {"left"})
        self.assertEqual(self.deals(), [])

    def test_what_sales_people_have_made_by_hand_is_told_and_no_difference(self):
        self.order()
        self.run_jobs()
        self.simulator.call("POST", "seed", deals=120)
        run = self.audit()
        self.assertEqualSides(run)
        self.assertTrue(self.checks(run, "info"))

    def test_a_list_whose_order_changes(self):
        self.orders(3)
        self.run_jobs()
        self.simulator.call("POST", "seed", deals=220)
        self.simulator.call("POST", "options", listing_order="unstable")
        self.assertEqualSides(self.audit())


@tagged("post_install", "-at_install")
class TestAuditOrders(AuditCase, SalesCase):
    def test_orders_add_up(self):
        self.order()
        self.order()
        self.run_jobs()
        run = self.audit()
        self.assertEqualSides(run)
        (check,) = run.check_ids.filtered(lambda c: c.object == "order")
        self.assertEqual((check.here, check.there), (2, 2))

    def test_an_order_that_is_not_there(self):
        one = self.order()
        self.order()
        self.run_jobs()
        (rest,) = [o for o in self.by_rest() if o["externalid"] == str(one.id)]
        with self.client() as client:
            client.ecom_orders.delete(rest["id"])
        self.cr.execute("UPDATE ac_binding SET synced_at = '2020-01-01'")
        self.commit()
        run = self.audit()
        self.assertDiffers(run, "Record", "deleted", one)
        self.config.reconcile_deleted = "again"
        self.commit()
        self.assertEqual(self.repair(), ["outbox"])
        self.assertEqualSides(self.audit())

    def test_an_amount_that_differs(self):
        order = self.order()
        self.run_jobs()
        (there,) = self.over_there().values()
        keys = ("storeOrderId", "legacyConnectionId", "storeCreatedDate", "email")
        changed = {key: there[key] for key in keys} | {"finalAmount": 1.0}
        with self.client() as client:
            client.graphql.bulk_upsert_orders([changed])
        self.assertDiffers(self.audit(), "Total", "lost", order)
        self.assertEqual(self.repair(), ["outbox"])
        self.assertEqualSides(self.audit())

    def test_orders_by_rest(self):
        self.config.order_interface = "rest"
        self.commit()
        order = self.order()
        self.run_jobs()
        self.assertEqualSides(self.audit())
        (there,) = self.by_rest()
        with self.client() as client:
            client.ecom_orders.update(there["id"], {"totalPrice": 1})
        self.assertDiffers(self.audit(), "Total", "lost", order)


@tagged("post_install", "-at_install")
class TestAuditProducts(AuditCase, ProductCase):
    def change(self, product, **values):
        connection = int(self.product(product)["legacyConnectionId"])
        key = {"storePrimaryId": str(product.id), "legacyConnectionId": connection}
        with self.client() as client:
            client.graphql.bulk_upsert_products([key | values])

    def test_the_catalogue_adds_up(self):
        engine, old = self.make_products({"name": "Engine"}, {"name": "Old"})
        self.perform("push")
        old.active = False
        self.perform("push")
        run = self.audit()
        self.assertEqualSides(run)
        (check,) = run.check_ids.filtered(lambda c: c.object == "product")
        self.assertEqual((check.here, check.there), (1, 1))

    def test_a_product_that_was_deleted_over_there(self):
        product = self.make_products({"name": "Engine"})
        self.perform("push")
        self.change(product, isDeleted=True)
        run = self.audit()
        self.assertEqual(set(run.line_ids.mapped("cause")), {"lost"})
        self.assertEqual(set(self.repair()), {"outbox"})
        self.assertFalse(self.product(product)["isDeleted"])
        self.assertEqualSides(self.audit())

    def test_a_price_that_differs(self):
        product = self.make_products({"name": "Engine", "list_price": 12})
        self.perform("push")
        self.change(product, variantPriceAmount=1.0)
        line = self.assertDiffers(self.audit(), "Price", "lost", product)
        self.assertEqual((line.here, line.there), ("12.0", "1.0"))
