# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An order becomes a deal with everything that belongs to it."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..mapping.registry import OBJECTS
from .deal_case import DealCase


@tagged("post_install", "-at_install")
class TestDeal(DealCase):
    def test_a_quotation_becomes_a_deal(self):
        order = self.order()
        self.perform("push")
        deal = self.deal()
        self.assertEqual(deal["title"], order.name)
        self.assertEqual(int(deal["value"]), 10000)
        self.assertEqual(deal["currency"], order.currency_id.name.lower())
        self.assertEqual(str(deal["stage"]), self.proposal)
        self.assertEqual(int(deal["status"]), 0)
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(str(deal["contact"]), str(contact["id"]))
        self.assertEqual(self.link(order).state, "synced")
        self.assertEqual(self.link(order).remote_id, str(deal["id"]))

    def test_one_request_makes_a_deal(self):
        self.order()
        self.perform("push")
        paths = [(c["method"], c["path"]) for c in self.simulator.calls()]
        deals = [call for call in paths if "deal" in call[1]]
        self.assertEqual(deals, [("POST", "/api/3/deals")])

    def test_confirmed_is_won_and_cancelled_is_lost(self):
        order = self.order()
        self.perform("push")
        order.action_confirm()
        self.perform("push")
        self.assertEqual(int(self.deal()["status"]), 1)
        order._action_cancel()
        self.perform("push")
        self.assertEqual(int(self.deal()["status"]), 2)

    def test_a_deal_that_was_moved_there_stays_there(self):
        order = self.order()
        self.perform("push")
        stage = next(
            s for s in self.client().stages.list() if s["title"] == "Follow Up"
        )
        self.client().deals.update(self.deal()["id"], {"stage": stage["id"]})
        order.order_line.product_uom_qty = 3
        self.perform("push")
        self.assertEqual(int(self.deal()["value"]), 15000)
        self.assertEqual(str(self.deal()["stage"]), str(stage["id"]))

    def test_an_unchanged_order_costs_no_request(self):
        order = self.order()
        self.perform("push")
        self.simulator.forget_log()
        order._ac_mark()
        self.perform("push")
        self.assertFalse(self.simulator.calls())

    def test_title_by_template(self):
        self.config.deal_title = "{{ object.partner_id.name }}: {{ object.name }}"
        order = self.order()
        self.perform("push")
        self.assertEqual(self.deal()["title"], f"Ada: {order.name}")

    def test_what_the_title_reads_marks_the_deal(self):
        self.config.deal_title = "{{ object.name }} {{ object.client_order_ref }}"
        order = self.order(client_order_ref="A1")
        self.perform("push")
        order.client_order_ref = "B2"
        self.perform("push")
        self.assertEqual(self.deal()["title"], f"{order.name} B2")

    def test_bad_titles_are_refused(self):
        for bad in ("{{ object.nonsense }}", "{{ object.name", "{{ object.name.x }}"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.config.deal_title = bad

    def test_company_is_the_account_of_the_deal(self):
        company = self.partner("Acme", is_company=True)
        self.order(self.partner("Ada", parent_id=company.id))
        self.perform("push")
        self.perform("push")
        (account,) = self.simulator.state()["accounts"].values()
        self.assertEqual(str(self.deal()["account"]), str(account["id"]))

    def test_salesperson_owns_the_deal(self):
        client = self.client()
        admin = next(client.users.list())
        user = self.env.ref("base.user_admin")
        user.partner_id.email = admin["email"]
        order = self.order(user_id=user.id)
        self.perform("push")
        self.assertEqual(str(self.deal()["owner"]), str(admin["id"]))
        self.assertEqual(self.link(order).state, "synced")

    def test_deal_fields_are_made_on_request(self):
        self.config.action_create_deal_fields()
        self.config.action_create_deal_fields()
        labels = [f["fieldLabel"] for f in self.client().deal_fields.list()]
        names = ["Odoo Order", "Order Date", "Expected Close", "Odoo Link"]
        self.assertEqual(sorted(labels), sorted(names))
        order = self.order(date_order="2026-01-30 10:00:00")
        self.perform("push")
        url = self.env["ir.config_parameter"].get_param("web.base.url")
        self.assertEqual(
            self.fields_of(self.deal()),
            {
                "Odoo Order": order.name,
                "Order Date": "2026-01-30",
                "Expected Close": "2026-03-01",
                "Odoo Link": f"{url}/odoo/sale.order/{order.id}",
            },
        )

    def test_field_mapping_of_deals(self):
        self.client().deal_fields.create(
            {"fieldLabel": "Reference", "fieldType": "text", "isFormVisible": 1}
        )
        self.refresh("deal_field")
        mapping = self.env["ac.field.mapping"].create(
            {
                "object": "deal",
                "ac_field": "REFERENCE",
                "transformation": "direct",
                "field_path": "client_order_ref",
            }
        )
        self.addCleanup(self.forget, mapping)
        order = self.order(client_order_ref="PO 1")
        self.perform("push")
        self.assertEqual(self.fields_of(self.deal()), {"Reference": "PO 1"})
        order.client_order_ref = False
        self.perform("push")
        self.assertEqual(self.fields_of(self.deal()), {"Reference": None})

    def test_addresses_are_secondary_contacts(self):
        self.config.deal_secondary = True
        ada, bob, eve = (self.partner(name) for name in ("Ada", "Bob", "Eve"))
        order = self.order(ada, partner_invoice_id=bob.id, partner_shipping_id=bob.id)
        self.perform("push")
        self.assertEqual(self.further(), ["bob@example.com"])
        order.partner_shipping_id = eve
        self.perform("push")
        self.assertEqual(self.further(), ["bob@example.com", "eve@example.com"])
        order.write({"partner_invoice_id": ada.id})
        self.perform("push")
        self.assertEqual(self.further(), ["eve@example.com"])

    def further(self):
        state = self.simulator.state()
        emails = {str(c["id"]): c["email"] for c in state["contacts"].values()}
        return sorted(emails[str(r["contact"])] for r in state["contactDeals"].values())

    def test_contact_that_is_on_the_deal_already_is_fine(self):
        self.config.deal_secondary = True
        bob = self.partner("Bob")
        order = self.order()
        self.perform("push")
        contact = self.simulator.contacts()["bob@example.com"]["id"]
        deal = self.deal()["id"]
        self.client().contact_deals.create({"contact": contact, "deal": deal})
        order.partner_invoice_id = bob
        self.perform("push")
        self.assertEqual(self.link(order).state, "synced")
        self.assertEqual(self.further(), ["bob@example.com"])

    def test_order_of_a_deleted_product_keeps_its_line_name(self):
        """User requirement 13."""
        self.config.deal_note = True
        order = self.order()
        order.order_line.product_id.active = False
        self.perform("push")
        self.assertEqual(self.link(order).state, "synced")
        (note,) = self.simulator.state()["notes"].values()
        self.assertIn("Engine", note["note"])

    def test_deleted_order_deletes_its_deal_by_policy(self):
        self.config.order_delete_policy = "delete"
        order = self.order()
        self.perform("push")
        order.unlink()
        self.perform("push")
        self.assertFalse(self.deals())

    def test_deleted_on_both_sides_is_gone(self):
        self.config.order_delete_policy = "delete"
        order = self.order()
        self.perform("push")
        link = self.link(order)
        self.client().deals.delete(link.remote_id)
        order.unlink()
        self.perform("push")
        self.assertFalse(link.exists())

    def test_another_customer_takes_the_deal_along(self):
        order = self.order()
        self.perform("push")
        order.partner_id = self.partner("Bob")
        self.perform("push")
        contact = self.simulator.contacts()["bob@example.com"]
        self.assertEqual(str(self.deal()["contact"]), str(contact["id"]))

    def test_what_is_filled_over_there_stays_by_policy(self):
        field = self.client().deal_fields.create(
            {"fieldLabel": "Reference", "fieldType": "text", "isFormVisible": 1}
        )
        self.refresh("deal_field")
        order = self.order(client_order_ref="PO 1")
        self.perform("push")
        value = {"dealId": self.deal()["id"], "customFieldId": field.id}
        self.client().deal_field_data.create({**value, "fieldValue": "By hand"})
        mapping = self.env["ac.field.mapping"].create(
            {
                "object": "deal",
                "ac_field": "REFERENCE",
                "transformation": "direct",
                "field_path": "client_order_ref",
                "policy": "empty",
            }
        )
        self.addCleanup(self.forget, mapping)
        order.client_order_ref = "PO 2"
        self.perform("push")
        self.assertEqual(self.link(order).state, "synced")
        self.assertEqual(self.fields_of(self.deal()), {"Reference": "By hand"})

    def test_fields_are_made_by_operators_only(self):
        login = f"reader{self.last_partner_id}"
        user = new_test_user(self.env, login, groups="ac_odoo_connector.group_user")
        self.addCleanup(user.unlink)
        with self.assertRaises(AccessError):
            self.config.with_user(user).action_create_deal_fields()

    def test_queries_do_not_grow_with_the_orders(self):
        self.config.deal_note = True
        orders = self.orders(33)
        self.perform("push")
        self.assertEqual(self.queries(orders[:3]), self.queries(orders[3:]))

    def queries(self, orders):
        row = OBJECTS["deal"]
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        facts = self.config._facts(row, orders)
        for order in orders:
            row.to_ac(order, facts)
        return self.cr.sql_log_count - before
