# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A contact whose answer was lost, and whose partner has another e-mail by now."""

from odoo.tests import tagged

from .common import ConnectorCase

LOST = (
    {"kind": "empty", "path": "/contact/sync$", "times": 1},
    {"kind": "status", "status": 400, "path": "/contacts$", "times": 1},
)
"""It is made, but the answer is empty, and looking for it fails."""
REFUSED = {"kind": "status", "status": 400, "path": "/contact/sync$", "times": 1}


@tagged("post_install", "-at_install")
class TestLostContact(ConnectorCase):
    def test_it_does_not_become_two(self):
        self.simulator.faults(*LOST)
        ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.assertEqual(list(self.simulator.contacts()), ["ada@example.com"])
        self.assertFalse(self.binding(ada).remote_id)
        ada.email = "love@example.com"
        self.run_jobs()
        self.assertEqual(list(self.simulator.contacts()), ["love@example.com"])
        self.assertEqual(self.binding(ada).state, "synced")

    def test_it_is_found_by_a_crowd_as_well(self):
        self.simulator.faults(*LOST)
        ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        ada.email = "love@example.com"
        crowd = [{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(20)]
        self.make_partners(*crowd)
        self.run_jobs()
        self.assertNotIn("ada@example.com", self.simulator.contacts())
        self.assertEqual(len(self.simulator.contacts()), 21)

    def test_a_contact_of_before_is_somebody_else(self):
        self.simulator.call("POST", "clock", offset=-3600)
        with self.client() as client:
            client.contacts.create({"email": "bob@example.com"})
        self.simulator.call("POST", "clock", offset=0)
        self.simulator.faults(REFUSED)
        ada = self.make_partners({"name": "Ada", "email": "bob@example.com"})
        self.run_jobs()
        ada.email = "ada@example.com"
        self.run_jobs()
        there = sorted(self.simulator.contacts())
        self.assertEqual(there, ["ada@example.com", "bob@example.com"])
