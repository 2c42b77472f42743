# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One connection per account, whatever happens to it."""

from odoo.tests import tagged

from .sales_case import SalesCase


@tagged("post_install", "-at_install")
class TestShop(SalesCase):
    def shops(self):
        return self.state()["connections"]

    def test_made_once_when_first_needed(self):
        self.assertFalse(self.shops())
        self.order()
        self.run_jobs()
        self.order()
        self.run_jobs()
        (shop,) = self.shops().values()
        self.config.invalidate_recordset()
        self.assertEqual(self.config.ac_connection_id, str(shop["id"]))
        self.assertEqual(shop["service"], "odoo")
        self.assertEqual(shop["externalid"], self.config.ac_connection_ref)

    def test_lost_answer_makes_no_second_one(self):
        fault = {"kind": "accept_timeout", "seconds": 0.2, "times": 1}
        self.simulator.faults(fault | {"path": "connections$", "method": "POST"})
        self.order()
        self.postponed("push")
        self.perform("push")
        self.assertEqual(len(self.shops()), 1)
        self.assertEqual(len(self.over_there()), 1)

    def test_found_again_when_its_id_is_lost(self):
        self.order()
        self.run_jobs()
        self.config.invalidate_recordset()
        self.config.ac_connection_id = False
        self.commit()
        self.order()
        self.run_jobs()
        self.assertEqual(len(self.shops()), 1)
        self.assertEqual(len(self.over_there()), 2)

    def test_survives_another_database_id(self):
        first = self.order()
        self.run_jobs()
        key = self.config.ac_connection_ref
        self.config.database_uuid = "other"
        self.env["ir.config_parameter"].set_param("database.uuid", "other")
        second = self.order()
        self.run_jobs()
        self.config.invalidate_recordset()
        self.assertEqual(self.config.ac_connection_ref, key)
        self.assertEqual(len(self.shops()), 1)
        self.assertEqual(set(self.over_there()), {str(first.id), str(second.id)})

    def test_deleted_one_is_repaired_and_filled_as_history(self):
        self.order()
        self.run_jobs()
        self.client().connections.delete(self.config.ac_connection_id)
        self.assertEqual(self.started(), 1)
        self.config.action_repair_shop()
        self.run_jobs()
        (shop,) = self.shops().values()
        sent = [o["legacyConnectionId"] for o in self.state()["graphqlOrders"].values()]
        self.assertIn(int(shop["id"]), sent)
        self.assertEqual(self.started(), 1)

    def test_deleted_one_is_told_on_the_account(self):
        self.order()
        self.run_jobs()
        self.client().connections.delete(self.config.ac_connection_id)
        orders = [self.order() for _ in range(12)]
        self.simulator.forget_log()
        self.run_jobs()
        self.assertIn("Repair the Shop", self.config.problem)
        self.assertEqual(len(self.sent_orders()), 1)
        self.assertEqual(self.link(orders[0]).state, "pending")
        self.config.action_repair_shop()
        self.run_jobs()
        self.assertFalse(self.config.problem)
        self.assertEqual(self.link(orders[0]).state, "synced")
        self.assertEqual(self.started(), 1 + 12)

    def test_repairing_a_sound_one_sends_nothing(self):
        self.order()
        self.run_jobs()
        self.simulator.forget_log()
        self.config.action_repair_shop()
        self.run_jobs()
        self.assertEqual(len(self.simulator.writes()), 1)

    def test_removed_with_its_links(self):
        order = self.order()
        self.run_jobs()
        self.config.action_remove_shop()
        self.assertFalse(self.shops())
        self.assertFalse(self.link(order))
        self.assertFalse(self.config.sync_orders)

    def test_another_account_has_another_shop(self):
        self.order()
        self.run_jobs()
        self.config.invalidate_recordset()
        self.config._forget_account()
        self.assertFalse(self.config.ac_connection_id)
