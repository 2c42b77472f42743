# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is reminded of a key or token that is to be changed, when, and how often."""

from datetime import date, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .people_case import PeopleCase

KEY = "ac_odoo_connector.activity_api_key"
TOKEN = "ac_odoo_connector.activity_webhook_token"


@tagged("post_install", "-at_install")
class TestSecretReminders(PeopleCase):
    def setUp(self):
        super().setUp()
        self.grace = self.user("manager", "grace", email="grace@example.com")
        self.joan = self.user("operator", "joan", email="joan@example.com")
        self.config.alert_user_ids = self.grace | self.joan
        self.config.ac_webhook_token_days = 0
        self.today = date.today()

    def in_use_for(self, days):
        self.config.ac_api_key_since = self.today - timedelta(days=days)

    def look(self, days=0):
        """Let days pass and look; return the reminders of the API key."""
        self.today += timedelta(days=days)
        self.config._remind(self.today)
        return self.config.activity_search([KEY])

    def test_fresh_secrets_remind_nobody(self):
        self.assertEqual(self.config.ac_api_key_due, self.today + timedelta(days=365))
        self.assertFalse(self.look())

    def test_a_manager_is_reminded_once_before_it_is_due(self):
        self.in_use_for(350)
        self.assertFalse(self.look())
        reminder = self.look(1)
        self.assertEqual(reminder.user_id, self.grace)
        self.assertEqual(reminder.date_deadline, self.config.ac_api_key_due)
        self.assertIn("Change API Key", str(reminder.note))
        self.assertEqual(self.look(1), reminder)
        self.assertEqual(self.look(30), reminder)

    def test_ticked_off_without_a_change_it_comes_again(self):
        self.in_use_for(360)
        self.look().action_feedback()
        self.assertFalse(self.look(6))
        self.assertTrue(self.look(1))

    def test_a_new_key_ends_it(self):
        self.in_use_for(400)
        self.assertTrue(self.look())
        self.simulator.call("POST", "options", user_keys=["another-key"])
        self.config._change_api_key("another-key")
        self.run_jobs()
        self.assertFalse(self.look(1))
        self.assertGreater(self.config.ac_api_key_due, self.today)

    def test_a_new_token_ends_its_own(self):
        self.in_use_for(400)
        self.config.ac_webhook_token_days = 365
        self.config.ac_webhook_token_since = "2020-01-01"
        self.look()
        self.assertEqual(len(self.config.activity_search([KEY, TOKEN])), 2)
        self.config.action_new_webhook_token()
        self.assertEqual(self.config.activity_search([KEY, TOKEN]), self.look(1))
        self.assertGreater(self.config.ac_webhook_token_due, self.today)

    def test_without_a_manager_the_others_are_told(self):
        self.config.alert_user_ids = self.joan
        self.in_use_for(400)
        self.assertEqual(self.look().user_id, self.joan)

    def test_where_nobody_listens_the_first_who_does_is_told(self):
        self.config.alert_user_ids = False
        self.in_use_for(400)
        self.assertFalse(self.look())
        self.config.alert_user_ids = self.grace
        self.assertEqual(self.look().user_id, self.grace)

    def test_the_cron_reminds_and_a_copy_does_not(self):
        self.in_use_for(400)
        self.config.is_copy = True
        self.env["ac.odoo.config"]._cron_secrets()
        self.assertFalse(self.config.activity_search([KEY]))
        self.config.is_copy = False
        self.env["ac.odoo.config"]._cron_secrets()
        self.assertTrue(self.config.activity_search([KEY]))

    def test_nobody_wants_a_reminder(self):
        self.in_use_for(4000)
        self.config.ac_api_key_days = 0
        self.assertFalse(self.config.ac_api_key_due)
        self.assertFalse(self.look())

    def test_nonsense_is_refused(self):
        for values in (
            {"ac_api_key_days": -1},
            {"ac_api_key_days": 14},  # reminded before it is made
            {"ac_webhook_token_days": 3651},
            {"reminder_days": -1},
            {"reminder_days": 365},
            {"token_overlap_hours": -1},
            {"token_overlap_hours": 24 * 365},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.config.write(values)
            self.cr.rollback()
            self.config.invalidate_recordset()
