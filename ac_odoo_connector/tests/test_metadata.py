# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""ActiveCampaign's vocabulary in Odoo, whole and up to date."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestMetadata(ConnectorCase):
    def entries(self, kind, **domain):
        return self.env["ac.metadata"].search([("kind", "=", kind)])

    def refresh(self):
        self.config.action_refresh_metadata()
        self.run_jobs()

    def test_every_page_is_read(self):
        """User requirement 1."""
        self.simulator.call("POST", "seed", fields=250, tags=250, lists=250)
        self.refresh()
        counts = self.simulator.state()["counts"]
        for kind, plural in (("field", "fields"), ("tag", "tags"), ("list", "lists")):
            self.assertGreaterEqual(counts[plural], 250)
            self.assertEqual(len(self.entries(kind)), counts[plural])
        for kind in ("pipeline", "stage", "automation", "user"):
            self.assertTrue(self.entries(kind), kind)
        self.assertTrue(self.config.metadata_at)

    def test_what_is_deleted_over_there_is_archived(self):
        with self.client() as client:
            tag = client.tags.create({"tag": "Short-lived", "tagType": "contact"}).id
            self.refresh()
            self.assertIn("Short-lived", self.entries("tag").mapped("name"))
            client.tags.delete(tag)
        self.refresh()
        self.assertNotIn("Short-lived", self.entries("tag").mapped("name"))
        everything = self.entries("tag").with_context(active_test=False)
        self.assertIn("Short-lived", everything.search([]).mapped("name"))

    def test_broken_answer_takes_nothing_away(self):
        self.refresh()
        before = len(self.entries("list"))
        self.simulator.faults({"kind": "empty", "path": "/lists", "times": 5})
        self.postponed("metadata")
        self.assertEqual(len(self.entries("list")), before)

    def test_only_old_metadata_is_fetched_by_the_cron(self):
        self.refresh()
        self.env["ac.odoo.config"]._cron_metadata()
        self.assertFalse(self._waiting_jobs())
        self.config.metadata_at = "2020-01-01"
        self.env["ac.odoo.config"]._cron_metadata()
        self.assertTrue(self._waiting_jobs())

    def test_connection_names_user_and_account(self):
        action = self.config.test_connection()
        self.assertIn("answers", action["params"]["message"])
        self.assertEqual(action["params"]["type"], "success")

    def test_mapping_of_an_unknown_field_is_refused(self):
        with self.assertRaises(ValidationError), mute_logger("odoo.sql_db"):
            self.env["ac.field.mapping"].create(
                {"field_path": "country_id.nonsense", "ac_field": "X"}
            )

    def test_mapped_field_is_watched(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        mapping = self.env["ac.field.mapping"].create(
            {"field_path": "website", "ac_field": "WEB"}
        )
        partner.website = "https://example.com"
        self.commit()
        self.assertEqual(self.binding(partner).state, "pending")
        mapping.unlink()
        self.commit()
