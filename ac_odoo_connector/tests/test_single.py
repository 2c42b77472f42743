# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records that go one by one: what was answered is kept whatever becomes of the next."""

from odoo.tests import tagged

from ..engine.transaction import transaction
from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestSingle(ConnectorCase):
    def setUp(self):
        """The job breaks off in the middle of the second record."""
        super().setUp()
        tag = self.env["res.partner.category"].create({"name": "Second"})
        self.ada, self.bob = self.make_partners(
            {"name": "Ada", "email": "ada@example.com"},
            {"name": "Bob", "email": "bob@example.com", "category_id": tag.ids},
        )
        self.simulator.faults({"kind": "drop", "path": "contactTags$"})
        self.postponed("push")

    def test_row_12_what_was_answered_outlives_the_job(self):
        """User requirement 12: a record that forgot its contact would make another."""
        with transaction(self.env) as env:
            links = env["ac.binding"].search([("config_id", "=", self.config.id)])
            held = {link.res_id: (link.state, link.remote_id) for link in links}
        contacts = self.simulator.contacts()
        ada = contacts[self.ada.email]
        self.assertEqual(held[self.ada.id], ("synced", str(ada["id"])))
        self.assertEqual(held[self.bob.id], ("pending", False))
        self.assertIn(self.bob.email, contacts)

    def test_row_12_only_what_was_not_answered_is_sent_again(self):
        """User requirement 12."""
        self.simulator.call("DELETE", "faults")
        self.simulator.forget_log()
        self.perform("push")
        self.assertEqual(len(self.simulator.contacts()), 2)
        paths = [write["path"] for write in self.simulator.writes()]
        self.assertEqual(sum("contact/sync" in path for path in paths), 1)
        self.assertEqual(self.binding(self.bob).state, "synced")
