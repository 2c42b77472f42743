# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A new API key is tried first, the old one kept until it has worked; old tokens die."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..activecampaign import RetryPolicy
from ..engine import gateway, vault
from ..models import ac_odoo_config
from .common import KEY
from .people_case import PeopleCase

NEW = "key-of-another-user-0123456789"
UNREACHABLE = {"kind": "drop"}


@tagged("post_install", "-at_install")
class TestApiKey(PeopleCase):
    def setUp(self):
        super().setUp()
        once = RetryPolicy(attempts=1)
        self.patch(gateway, "PATIENCE", once)
        self.patch(ac_odoo_config, "PATIENCE", once)
        self.simulator.call("POST", "options", user_keys=[NEW])

    def filled(self, key=NEW):
        """Return the form as a browser stores it before its button is pressed."""
        action = self.config.action_change_api_key()
        wizards = self.env["ac.api.key.change"].with_context(**action["context"])
        wizard = wizards.create({"new_key": key})
        self.commit()
        self.env.invalidate_all()
        return wizard

    def change(self, key=NEW):
        return self.filled(key).action_try_and_use()

    def revoke(self, *keys):
        self.simulator.call("POST", "options", revoked_keys=list(keys))

    def key(self, name="ac_api_key_encrypted"):
        self.config.invalidate_recordset()
        return vault.decrypt(self.config[name], self.cr.dbname)

    def old_key(self):
        return self.key("ac_api_key_old_encrypted")

    def test_tried_used_and_the_old_one_forgotten_after_its_first_success(self):
        self.config.ac_api_key_since = "2020-01-01"
        answer = self.change()
        self.assertIn("answers", answer["params"]["message"])
        self.assertEqual([self.key(), self.old_key()], [NEW, KEY])
        self.revoke(KEY)
        self.run_jobs()
        self.assertEqual([self.key(), self.old_key()], [NEW, ""])
        self.assertGreater(self.config.ac_api_key_since.year, 2020)
        self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.assertIn("ada@example.com", self.simulator.contacts())

    def test_a_key_that_is_refused_is_not_used(self):
        wizard = self.filled("wrong-key")
        with self.assertRaises(UserError) as caught:
            wizard.action_try_and_use()
        self.assertNotIn("wrong-key", str(caught.exception))
        self.assertIn("the one so far stays", str(caught.exception))
        self.cr.rollback()
        self.assertEqual([self.key(), self.old_key()], [KEY, ""])
        self.assertEqual(self.config.breaker_state, "closed")
        self.assertFalse(self.config.problem)

    def test_the_key_in_use_is_no_new_one(self):
        self.config.ac_api_key_since = "2020-01-01"
        wizard = self.filled(KEY)
        with self.assertRaises(UserError) as caught:
            wizard.action_try_and_use()
        self.assertIn("in use already", str(caught.exception))
        self.assertNotIn(KEY, str(caught.exception))
        self.cr.rollback()
        self.assertEqual([self.key(), self.old_key()], [KEY, ""])
        self.assertEqual(self.config.ac_api_key_since.year, 2020)

    def test_without_an_answer_the_old_one_stays(self):
        wizard = self.filled()
        self.simulator.faults(UNREACHABLE)
        with self.assertRaises(UserError):
            wizard.action_try_and_use()
        self.cr.rollback()
        self.assertEqual([self.key(), self.old_key()], [KEY, ""])

    def test_the_form_holds_no_plain_key_and_leaves_nothing(self):
        wizard = self.filled("wrong-key")
        with self.assertRaises(UserError):
            wizard.action_try_and_use()
        self.cr.execute("SELECT t::text FROM ac_api_key_change t")
        held = str(self.cr.fetchall())
        self.assertIn("gAAAA", held)
        self.assertNotIn("wrong-key", held)
        self.assertNotIn("wrong-key", str(wizard.read()))
        wizard.new_key = NEW
        wizard.action_try_and_use()
        self.assertFalse(wizard.exists())

    def test_the_old_one_stays_until_activecampaign_answers(self):
        self.change()
        self.simulator.faults(UNREACHABLE)
        self.postponed("new_key")
        self.assertEqual(self.old_key(), KEY)
        self.simulator.call("DELETE", "faults")
        self.perform("new_key")
        self.assertEqual(self.old_key(), "")

    def test_a_job_that_was_lost_comes_again(self):
        self.change()
        self.cr.execute("DELETE FROM queue_job")
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertEqual(self.old_key(), "")
        self.env["ac.odoo.config"]._cron_outbox()
        self.commit()
        self.assertEqual(self._waiting_jobs(), [])

    def test_the_old_one_can_be_taken_back(self):
        self.change()
        self.revoke(NEW)
        self.perform("new_key")
        self.assertEqual(self.old_key(), KEY)
        self.assertEqual(self.config.breaker_state, "open")
        self.config.action_take_old_key_back()
        self.assertEqual([self.key(), self.old_key()], [KEY, ""])
        self.run_jobs()
        self.assertEqual(self.config.breaker_state, "closed")
        self.assertFalse(self.config.problem)
        with self.assertRaisesRegex(UserError, "forgotten"):
            self.config.action_take_old_key_back()

    def test_a_refused_account_goes_on_with_a_new_key(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.revoke(KEY)
        self.perform("metadata")
        self.assertEqual(self.config.breaker_state, "open")
        self.change()
        self.run_jobs()
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "synced")
        self.assertEqual([self.key(), self.old_key()], [NEW, ""])

    def test_a_key_typed_over_keeps_the_one_that_worked_last(self):
        self.config.ac_api_key = "typed-wrong"
        self.config.ac_api_key = NEW
        self.assertEqual([self.key(), self.old_key()], [NEW, KEY])
        self.config.test_connection()
        self.assertEqual(self.old_key(), "")

    def test_a_success_of_another_key_forgets_nothing(self):
        used = self.config.ac_api_key_encrypted
        self.config.ac_api_key = NEW
        self.config._note_key_works(used)
        self.assertEqual(self.old_key(), KEY)

    def test_a_moved_account_keeps_no_key(self):
        self.change()
        self.config.ac_base_url = "https://elsewhere.api-us1.com"
        self.assertEqual([self.key(), self.old_key()], ["", ""])

    def test_in_a_copy_no_key_is_tried(self):
        self.config.is_copy = True
        self.commit()
        self.simulator.forget_log()
        wizard = self.filled()
        with self.assertRaises(UserError):
            wizard.action_try_and_use()
        self.assertEqual(self.simulator.calls(), [])

    def test_managers_only(self):
        config = self.config.with_user(self.user("operator"))
        for button in ("change_api_key", "take_old_key_back"):
            with self.assertRaises(AccessError):
                getattr(config, f"action_{button}")()
        with self.assertRaises(AccessError):
            config.env["ac.api.key.change"].create({"config_id": config.id})


@tagged("post_install", "-at_install")
class TestDeadTokens(PeopleCase):
    def old_token(self):
        self.commit()
        self.env.invalidate_all()
        return self.config.ac_webhook_token_old_encrypted

    def test_an_old_token_is_deleted_when_its_time_is_over(self):
        self.config.action_new_webhook_token()
        self.env["ac.odoo.config"]._cron_secrets()
        self.assertTrue(self.old_token())
        self.config.old_token_until = "2020-01-01"
        self.env["ac.odoo.config"]._cron_secrets()
        self.assertFalse(self.old_token())
        self.assertFalse(self.config.old_token_until)

    def test_not_while_activecampaign_has_it(self):
        self.config.action_connect_webhook()
        self.config.action_new_webhook_token()
        self.config.old_token_until = "2020-01-01"
        self.env["ac.odoo.config"]._cron_secrets()
        self.assertTrue(self.old_token())
        self.run_jobs()
        (webhook,) = self.simulator.state()["webhooks"].values()
        self.assertNotIn(
            vault.decrypt(self.old_token(), self.cr.dbname), webhook["url"]
        )
        self.config.old_token_until = "2020-01-01"
        self.env["ac.odoo.config"]._cron_secrets()
        self.assertFalse(self.old_token())
