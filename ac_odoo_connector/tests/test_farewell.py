# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a farewell leaves behind is a choice: webhook, secrets, and nothing else unticked."""

from pathlib import Path

from odoo.tests import tagged

from .. import hooks
from ..engine import vault
from ..engine.webhook_setup import webhook_url
from .place_case import PlaceCase


@tagged("post_install", "-at_install")
class TestFarewell(PlaceCase):
    def farewell(self, **choices):
        self.config.invalidate_recordset()
        action = self.config.action_farewell()
        wizard = self.env["ac.farewell"].with_context(**action["context"]).create({})
        wizard.write(choices)
        wizard.action_disconnect()
        self.commit()

    def test_row_38_nothing_of_activecampaign_is_deleted(self):
        """User requirement 38."""
        self.loaded()
        held = self.simulator.state()["contacts"]
        self.farewell(webhook=False)
        self.assertEqual(self.config.state, "draft")
        self.assertEqual(self.simulator.calls(), [])
        self.assertEqual(self.simulator.state()["contacts"], held)
        self.assertTrue(self.config.ac_api_key_encrypted)

    def test_row_38_the_webhook_goes_by_choice(self):
        """User requirement 38."""
        self.loaded()
        self.farewell(webhook=True)
        self.assertEqual(self.simulator.state()["webhooks"], {})
        deleted = [w["path"] for w in self.simulator.writes()]
        self.assertTrue(all("/webhooks/" in path for path in deleted), deleted)

    def test_the_secrets_go_by_choice(self):
        self.loaded()
        before = webhook_url(self.config)
        self.farewell(webhook=True, secrets=True)
        self.assertFalse(self.config.ac_api_key_encrypted)
        self.assertFalse(self.config.ac_webhook_token_old_encrypted)
        self.assertNotEqual(webhook_url(self.config), before)
        self.assertEqual(self.simulator.state()["webhooks"], {})

    def test_row_38_uninstalling_respects_the_choice(self):
        """User requirement 38; tests/lifecycle really uninstalls."""
        self.loaded()
        self.config.write({"farewell_webhook": False, "farewell_secrets": False})
        key_file = Path(vault._file_of(self.cr.dbname))
        kept = key_file.read_text() if key_file.exists() else None
        hooks.uninstall_hook(self.env)
        self.assertEqual(self.simulator.calls(), [])
        self.assertEqual(key_file.exists(), kept is not None)

    def uninstalled_with_a_key(self):
        """Uninstall a database whose keys are in the file; return whether it is left."""
        key_file = Path(vault._file_of(self.cr.dbname))
        before = key_file.read_text() if key_file.exists() else None
        self.addCleanup(self.put_back, key_file, before)
        key_file.parent.mkdir(parents=True, exist_ok=True)
        key_file.write_text(before or "a key")
        hooks.uninstall_hook(self.env)
        return key_file.exists()

    def put_back(self, key_file, content):
        """Give later tests the key that their secrets need."""
        key_file.unlink(missing_ok=True)
        if content is not None:
            key_file.write_text(content)
            key_file.chmod(0o600)

    def test_row_38_uninstalling_forgets_the_key_when_all_want_it(self):
        """User requirement 38."""
        self.config.write({"farewell_webhook": False, "farewell_secrets": True})
        self.assertFalse(self.uninstalled_with_a_key())

    def test_row_38_one_account_keeps_the_key_of_all(self):
        """User requirement 38: also an archived one, whose secrets it may need again."""
        self.config.farewell_secrets = True
        other = self.make_config(name="Other", farewell_secrets=False)
        other.active = False
        (self.config + other).farewell_webhook = False
        self.assertTrue(self.uninstalled_with_a_key())

    def test_the_key_file_goes_by_choice(self):
        path = Path(vault._file_of("no-such-database"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        vault.forget_key("no-such-database")
        self.assertFalse(path.exists())
        vault.forget_key("no-such-database")

    def test_row_38_what_is_ticked_is_deleted(self):
        """User requirement 38."""
        self.loaded()
        contact_id = self.binding(self.ada).remote_id
        self.farewell(webhook=True, secrets=True, delete_contact=True)
        self.assertTrue(self.config.ac_api_key_encrypted)  # needed until the end
        self.run_jobs()
        self.assertEqual(self.simulator.contacts(), {})
        deleted = {
            w["path"] for w in self.simulator.writes() if "webhooks" not in w["path"]
        }
        self.assertEqual(deleted, {f"/api/3/contacts/{contact_id}"})
        self.assertFalse(self.binding(self.ada))
        self.assertFalse(self.config.ac_api_key_encrypted)
        self.assertIn("is deleted", str(self.config.message_ids[:1].body))

    def test_more_than_one_chunk_goes(self):
        people = self.make_partners(
            *({"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(30))
        )
        self.run_jobs()
        self.assertEqual(len(self.simulator.contacts()), 30)
        path = f"/contacts/{self.binding(people[3]).remote_id}$"
        self.simulator.faults({"kind": "status", "status": 422, "path": path})
        self.farewell(delete_contact=True)
        self.run_jobs()
        self.assertEqual(set(self.simulator.contacts()), {people[3].email})
        self.assertIn("1 objects", str(self.config.message_ids[:1].body))

    def test_connecting_again_ends_the_deletion(self):
        self.loaded()
        self.farewell(webhook=False, delete_contact=True)
        self.config.action_confirm()
        self.run_jobs()
        self.assertIn("ada@example.com", self.simulator.contacts())

    def test_in_a_copy_nothing_can_be_ticked(self):
        self.loaded()
        self.other_database()
        self.farewell(webhook=True, delete_contact=True)
        self.run_jobs()
        self.assertEqual(self.simulator.calls(), [])

    def test_the_choice_is_remembered(self):
        self.loaded()
        self.farewell(webhook=False, secrets=True)
        self.assertFalse(self.config.farewell_webhook)
        self.assertTrue(self.config.farewell_secrets)
