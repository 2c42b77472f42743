# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What orders do to the contacts of their buyers: nothing."""

from odoo.tests import tagged

from .sales_case import SalesCase

RENAMING = {"path": r"/contacts/\d+$", "method": "PUT"}


@tagged("post_install", "-at_install")
class TestOrderContact(SalesCase):
    def setUp(self):
        super().setUp()
        self.ada.phone = "1"
        self.run_jobs()

    def emails_there(self):
        return sorted(self.simulator.contacts())

    def test_order_waits_until_its_contact_has_its_new_email(self):
        self.simulator.faults({"kind": "status", "status": 400, **RENAMING})
        self.ada.email = "love@example.com"
        order = self.order()
        self.run_jobs()
        self.assertEqual(self.emails_there(), ["ada@example.com"])
        self.assertEqual(self.link(order).state, "pending")
        self.simulator.call("DELETE", "faults")
        self.retry_failed()
        self.assertEqual(self.emails_there(), ["love@example.com"])
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["email"], "love@example.com")

    def test_order_goes_to_the_contact_whose_new_email_is_refused(self):
        with self.client() as client:
            client.contacts.create({"email": "love@example.com"})
        self.ada.email = "love@example.com"
        order = self.order()
        self.run_jobs()
        there = self.over_there()[str(order.id)]
        self.assertEqual(there["email"], "ada@example.com")
        self.assertEqual(len(self.emails_there()), 2)

    def test_order_of_a_contact_whose_email_only_activecampaign_changes(self):
        self.config.pull_email = "from_ac"
        self.ada.email = "love@example.com"
        order = self.order()
        self.run_jobs()
        self.assertIn(str(order.id), self.over_there())
        self.assertEqual(self.emails_there(), ["ada@example.com"])

    def test_order_leaves_what_has_changed_over_there(self):
        other = self.make_partners(
            {
                "name": "Bo Else",
                "phone": "2",
                "city": "Turin",
                "type": "delivery",
                "parent_id": self.ada.id,
            }
        )
        changes = {"lastName": "King", "phone": "3"}
        self.simulator.call(
            "POST", "actions/edit", email="ada@example.com", source="admin", **changes
        )
        order = self.order(partner_shipping_id=other.id)
        self.run_jobs()
        there = self.simulator.contacts()["ada@example.com"]
        told = {name: there[name] for name in ("firstName", *changes)}
        self.assertEqual(told, {"firstName": "Ada", **changes})
        address = self.over_there()[str(order.id)]["shippingAddress"]
        self.assertEqual(address["city"], "Turin")
