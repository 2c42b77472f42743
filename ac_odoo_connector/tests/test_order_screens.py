# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an order shows of its deal, and its buttons."""

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .stage_case import StageCase

SALES = "sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class TestOrderScreens(StageCase):
    def setUp(self):
        super().setUp()
        self.users = self.env["res.users"]

    def _clean_sales(self):
        self.env["res.users"].browse(self.users.ids).exists().unlink()
        return super()._clean_sales()

    def as_user(self, order, group):
        user = new_test_user(
            self.env,
            f"screen {group}",
            groups=f"{SALES},ac_odoo_connector.group_{group}",
        )
        self.users |= user
        return order.with_user(user)

    def set_state(self, order, state, reason=None):
        self.commit()
        self.cr.execute(
            "UPDATE ac_binding SET state = %s, skip_reason = %s WHERE res_model = "
            "'sale.order' AND res_id = %s",
            (state, reason, order.id),
        )
        self.commit()
        self.env.invalidate_all()

    def test_orders_are_found_and_grouped_by_their_state(self):
        failed, done = self.order(), self.order()
        self.set_state(failed, "failed")
        self.set_state(done, "synced")
        mine = [("id", "in", (failed | done).ids)]
        orders = self.env["sale.order"]
        found = orders.search([*mine, ("ac_sync_state", "in", ["failed", "dead"])])
        self.assertEqual(found, failed)
        groups = orders._read_group(mine, ["ac_sync_state"], ["__count"])
        self.assertEqual(dict(groups), {"failed": 1, "synced": 1})
        self.assertEqual(failed.ac_sync_state, "failed")

    def test_an_order_that_needs_no_deal_is_in_step(self):
        self.config.sync_orders = True
        order = self.order()
        self.set_state(order, "synced")
        link = self.binding(order).filtered(lambda b: b.object == "order")
        link.write({"state": "skipped", "skip_reason": "not_confirmed"})
        self.assertEqual(order.ac_sync_state, "synced")

    def test_an_order_without_any_link_is_not_linked(self):
        self.config.sync_deals = False
        order = self.order()
        self.assertFalse(order.ac_sync_state)
        self.assertFalse(order.ac_unlinked)
        self.config.sync_deals = True
        order.invalidate_recordset()
        self.assertEqual(order.ac_unlinked, "Test")

    def test_queries_of_a_list_do_not_grow(self):
        names = ["ac_sync_state", "ac_deal_stage", "ac_deal_value", "ac_synced_at"]
        orders = self.order()
        counts = []
        for _time in range(2):
            self.commit()
            self.env.invalidate_all()
            with self.counted() as count:
                orders.read(names)
            counts.append(count())
            orders |= self.order() | self.order() | self.order()
        self.assertEqual(*counts)

    def test_send_as_new_and_as_history(self):
        order = self.order()
        self.linked(order)
        operator = self.as_user(order, "operator")
        operator.action_ac_send_as_new()
        link = self.deal(order)
        self.assertEqual((link.origin, link.state), ("new", "pending"))
        self.assertFalse(link.fingerprint)
        self.assertNotIn("core", link.sent)
        self.assertIn("at", link.sent)
        operator.action_ac_send_as_history()
        self.assertEqual(self.deal(order).origin, "history")

    def test_an_order_that_nobody_has_sent_gets_its_link(self):
        self.config.sync_deals = False
        order = self.order()
        self.config.sync_deals = True
        self.commit()
        order.action_ac_send_as_history()
        self.assertEqual(self.deal(order).origin, "history")

    def test_users_see_and_operators_act(self):
        order = self.order()
        user = self.as_user(order, "user")
        self.assertEqual(user.ac_sync_state, "pending")
        with self.assertRaises(AccessError):
            user.action_ac_send_as_new()

    def test_a_salesperson_without_the_role_can_work(self):
        seller = new_test_user(self.env, "screen nobody", groups=SALES)
        self.users |= seller
        order = self.order()
        with Form(order.with_user(seller)) as form:
            form.client_order_ref = "42"
        self.assertEqual(order.client_order_ref, "42")
