# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Runs over chosen objects: the products, the orders of the past."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..engine import wake
from .test_products import ProductCase


@tagged("post_install", "-at_install")
class TestSalesRuns(ProductCase):
    def of_old(self, *vals_list):
        """Return products that were there before the account: nobody has marked them."""
        products = self.make_products(*vals_list)
        self._unmark()
        return products

    def _unmark(self):
        self.cr.execute("DELETE FROM ac_binding; DELETE FROM queue_job")
        wake._covered_until.clear()
        self.commit()
        self.env.invalidate_all()

    def orders_of_old(self, count):
        partner = self.env["res.partner"].create(
            {"name": "Ada", "email": "ada@example.com"}
        )
        product = self.env["product.product"].create({"name": "Engine"})
        line = {"product_id": product.id, "product_uom_qty": 1, "price_unit": 5}
        orders = self.env["sale.order"].create(
            [{"partner_id": partner.id, "order_line": [(0, 0, line)]}] * count
        )
        orders.action_confirm()
        last = orders[0].id - 1
        self.config.write(
            {"sync_orders": True, "order_domain": str([("id", ">", last)])}
        )
        self.commit()
        self._unmark()
        return orders

    def run_of(self, action):
        self.commit()
        return self.env["ac.sync.run"].browse(action["res_id"])

    def test_products_are_loaded_and_nothing_else(self):
        self.of_old(*[{"name": f"P{n}"} for n in range(130)])
        self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.cr.execute("DELETE FROM ac_binding; DELETE FROM queue_job")
        run = self.run_of(self.config.action_sync_products())
        self.assertEqual((run.kind, run.covers, run.total), ("chosen", "product", 130))
        self.assertEqual(run.name, "Products of Test")
        self.run_jobs()
        self.assertEqual((run.state, run.synced), ("done", 130))
        self.assertEqual(len(self.products()), 130)
        self.assertFalse(self.simulator.contacts())
        self.assertFalse(self.config.is_loaded)

    def test_batch_cron_looks_at_what_was_loaded(self):
        self.of_old({"name": "Before"})
        self.config._cron_batch()
        self.run_jobs()
        self.assertFalse(self.products())
        self.config.action_sync_products()
        self.run_jobs()
        partner = {"name": "Ada", "email": "ada@example.com"}
        self.make_partners(partner)
        self.of_old({"name": "By SQL"})
        self.config._cron_batch()
        self.run_jobs()
        self.assertEqual(len(self.products()), 2)
        self.assertFalse(self.simulator.contacts())

    def test_pause_resume_and_stop(self):
        self.of_old(*[{"name": f"P{n}"} for n in range(3)])
        run = self.run_of(self.config.action_sync_products())
        run.action_pause()
        self.run_jobs()
        self.assertFalse(self.products())
        again = self.run_of(self.config.action_sync_products())
        self.assertEqual(again, run)
        run.action_resume()
        self.run_jobs()
        self.assertEqual((run.state, len(self.products())), ("done", 3))
        self._unmark()
        run = self.run_of(self.config.action_sync_products())
        run.action_stop()
        self.commit()
        self.assertEqual((run.state, run.skipped), ("stopped", 3))

    def test_both_sides_are_counted(self):
        products = self.of_old(*[{"name": f"P{n}"} for n in range(3)])
        run = self.run_of(self.config.action_sync_products())
        self.run_jobs()
        run.action_compare()
        self.run_jobs()
        self.assertEqual((run.compare_linked, run.compare_held), (3, 3))
        self._delete_there(products[1])
        run.action_compare()
        self.run_jobs()
        self.assertEqual((run.compare_held, run.missing_count), (2, 1))
        run.action_send_missing()
        self.run_jobs()
        self.assertEqual((run.state, len(self.products())), ("done", 3))

    def _delete_there(self, product):
        query = "mutation($id: ID!) { deleteProduct(id: $id) }"
        with self.client() as client:
            client.graphql.query(query, {"id": product.ac_product_id})

    def test_withdrawn_products_are_no_loss(self):
        products = self.of_old({"name": "One"}, {"name": "Two"})
        run = self.run_of(self.config.action_sync_products())
        self.run_jobs()
        products[0].active = False
        self.run_jobs()
        run.action_compare()
        self.run_jobs()
        self.assertEqual((run.compare_linked, run.missing_count), (1, 0))

    def test_everything_covers_products_and_orders(self):
        orders = self.orders_of_old(2)
        run = self.run_of(self.config.action_sync_all())
        self.assertEqual(run.kind, "everything")
        self.assertEqual(
            set(run.covers.split(",")), {"account", "contact", "product", "order"}
        )
        self.run_jobs()
        self.assertEqual(run.state, "done")
        links = self.env["ac.binding"].search([("object", "=", "order")])
        self.assertEqual(set(links.mapped("res_id")), set(orders.ids))
        self.assertEqual(set(links.mapped("state")), {"synced"})

    def test_first_load_goes_through_with_everything_switched_on(self):
        self.orders_of_old(2)
        load = self.env["ac.first.load"].browse(
            self.config.action_first_load()["res_id"]
        )
        self.commit()
        load.action_next()
        self.run_jobs()
        self.assertEqual(load.survey_state, "done")
        load.action_next()
        load.action_next()
        load.action_start()
        self.run_jobs()
        self.assertEqual((load.state, load.run_failed), ("result", 0))
        self.assertEqual(len(self.products()), 1)

    def test_orders_of_the_past_start_no_automation_unless_ticked(self):
        self.orders_of_old(2)
        for ticked in (False, True):
            self.config.action_sync_orders()
            wizard = self.env["ac.orders.start"].create(
                {"config_id": self.config.id, "start_automations": ticked}
            )
            self.assertEqual(wizard.order_count, 2)
            run = self.run_of(wizard.action_start())
            self.assertEqual((run.covers, run.total), ("order", 2))
            self.assertEqual(run.exclude_automations, not ticked)
            self.run_jobs()
            self.assertEqual(run.state, "done")

    def test_switched_off(self):
        self.config.sync_products = False
        with self.assertRaises(UserError):
            self.config.action_sync_products()
        with self.assertRaises(UserError):
            self.config.action_sync_orders()

    def test_who_only_looks_starts_no_run(self):
        login = f"looker{self.last_partner_id}"
        group = self.env.ref("ac_odoo_connector.group_user")
        user = self.env["res.users"].create({"name": "Looker", "login": login})
        self.addCleanup(self._forget_user, user)
        group.sudo().write(
            {"user_ids" if "user_ids" in group._fields else "users": [(4, user.id)]}
        )
        self.commit()
        config = self.config.with_user(user)
        with self.assertRaises(AccessError):
            config.action_sync_products()
        with self.assertRaises(AccessError):
            config.action_sync_orders()

    def _forget_user(self, user):
        self.cr.rollback()
        user.unlink()
        self.commit()

    def test_buyers_come_with_the_run_of_their_orders(self):
        """A run that starts no automation starts none for people it needs, either."""
        orders = self.orders_of_old(2)
        wizard = self.env["ac.orders.start"].create({"config_id": self.config.id})
        run = self.run_of(wizard.action_start())
        self.run_jobs()
        links = self.env["ac.binding"].search([("run_id", "=", run.id)])
        self.assertEqual(set(links.mapped("object")), {"contact", "order"})
        self.assertEqual((run.state, run.total, run.synced), ("done", 3, 3))
        self.assertEqual(len(orders), 2)

    def test_an_order_of_the_past_is_history_when_somebody_saves_it(self):
        (order,) = self.orders_of_old(1)
        order.write({"date_order": "2020-01-01", "commitment_date": "2020-02-01"})
        self.run_jobs()
        (told,) = self.simulator.state()["graphqlOrders"].values()
        self.assertEqual(told["creationSource"], "HISTORICAL")
