# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestPush(ConnectorCase):
    def test_new_partner_arrives(self):
        partner = self.make_partners(
            {"name": "Ada Lovelace", "email": " Ada@Example.com ", "phone": "+44 1"}
        )
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(contact["firstName"], "Ada")
        self.assertEqual(contact["lastName"], "Lovelace")
        self.assertEqual(contact["phone"], "+44 1")
        binding = self.binding(partner)
        self.assertEqual(binding.state, "synced")
        self.assertEqual(binding.remote_id, str(contact["id"]))

    def test_bulk_and_nochange(self):
        partners = self.make_partners(
            *[{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(30)]
        )
        self.run_jobs()
        self.assertEqual(len(self.simulator.contacts()), 30)
        self.assertEqual(set(partners.ac_binding_ids.mapped("state")), {"synced"})
        self.assertTrue(all(partners.ac_binding_ids.mapped("remote_id")))
        self.simulator.forget_log()
        partners._ac_mark()
        self.run_jobs()
        self.assertEqual(self.simulator.writes(), [])
        self.assertEqual(set(partners.ac_binding_ids.mapped("state")), {"synced"})
