# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What becomes of a contact when its partner is archived, deleted or renamed."""

from odoo.tests import tagged

from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestPolicies(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.contact = self.binding(self.ada).remote_id
        self.simulator.forget_log()

    def deletions(self):
        return [c["path"] for c in self.simulator.calls() if c["method"] == "DELETE"]

    def test_archived_partner_leaves_the_contact_alone(self):
        self.ada.active = False
        self.run_jobs()
        self.assertEqual(self.binding(self.ada).skip_reason, "archived")
        self.assertEqual(self.simulator.writes(), [])

    def test_archived_partner_is_tagged_by_policy(self):
        self.config.archive_policy = "tag"
        self.ada.active = False
        self.run_jobs()
        tags = self.simulator.contacts()["ada@example.com"]["tags"]
        self.assertEqual(tags, ["Odoo-Archived"])
        self.ada.active = True
        self.run_jobs()
        self.assertEqual(self.simulator.contacts()["ada@example.com"]["tags"], [])

    def test_deleted_partner_is_forgotten(self):
        self.ada.unlink()
        self.run_jobs()
        self.assertEqual(self.deletions(), [])
        self.assertIn("ada@example.com", self.simulator.contacts())
        self.assertFalse(
            self.env["ac.binding"].search([("remote_id", "=", self.contact)])
        )

    def test_link_of_a_deleted_partner_is_kept_by_policy(self):
        self.config.delete_policy = "nothing"
        self.ada.unlink()
        self.run_jobs()
        binding = self.env["ac.binding"].search([("remote_id", "=", self.contact)])
        self.assertEqual((binding.state, binding.skip_reason), ("skipped", "deleted"))
        self.assertEqual(self.simulator.writes(), [])

    def test_contact_is_deleted_by_policy(self):
        self.config.delete_policy = "delete"
        self.ada.unlink()
        self.run_jobs()
        self.assertEqual(self.simulator.contacts(), {})
        self.assertFalse(
            self.env["ac.binding"].search([("remote_id", "=", self.contact)])
        )

    def test_contact_that_another_partner_needs_is_not_deleted(self):
        self.config.delete_policy = "delete"
        twin = self.make_partners({"name": "Twin", "email": "ADA@example.com"})
        self.run_jobs()
        self.ada.unlink()
        self.run_jobs()
        self.assertEqual(self.deletions(), [])
        self.assertEqual(self.binding(twin).remote_id, self.contact)
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(contact["firstName"], "Twin")

    def test_only_existing_contacts_by_choice(self):
        self.config.consent_mode = "existing"
        self.client().contacts.create({"email": "eve@example.com"})
        eve, new = self.make_partners(
            {"name": "Eve", "email": "eve@example.com"},
            {"name": "New", "email": "new@example.com"},
        )
        self.run_jobs()
        self.assertEqual(
            self.simulator.contacts()["eve@example.com"]["firstName"], "Eve"
        )
        self.assertEqual(self.binding(eve).state, "synced")
        self.assertEqual(self.binding(new).skip_reason, "not_in_ac")
        self.assertNotIn("new@example.com", self.simulator.contacts())

    def test_disconnecting_deletes_nothing(self):
        """User requirement 38; for the removal of the addon see tests/lifecycle."""
        self.config.action_disconnect()
        self.run_jobs()
        self.config.unlink()
        self.run_jobs()
        self.assertEqual(self.deletions(), [])
        self.assertIn("ada@example.com", self.simulator.contacts())

    def test_email_of_another_contact_is_a_conflict(self):
        """User requirement 7."""
        self.client().contacts.create({"email": "eve@example.com", "firstName": "Eve"})
        self.ada.email = "eve@example.com"
        self.run_jobs()
        binding = self.binding(self.ada)
        self.assertEqual((binding.state, binding.skip_reason), ("failed", "conflict"))
        contacts = self.simulator.contacts()
        self.assertEqual(contacts["eve@example.com"]["firstName"], "Eve")
        self.assertIn("ada@example.com", contacts)
        error = self.env["ac.error.log"].search([("binding_id", "=", binding.id)])
        self.assertEqual((error.status, error.state), (422, "open"))
