# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who did what to an account: told once, changed by nobody, no secret in it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import alerts, retention
from .alert_case import AlertCase
from .common import KEY


@tagged("post_install", "-at_install")
class TestTrail(AlertCase):
    def setUp(self):
        super().setUp()
        self.boss = self.user("manager")
        self.last = self.env["ac.trail"].search([], limit=1).id or 0

    def entries(self, **values):
        """Return what was written since the test began, the first one first."""
        self.commit()
        self.env.invalidate_all()
        domain = [(name, "=", value) for name, value in values.items()]
        domain.append(("id", ">", self.last))
        return self.env["ac.trail"].search(domain, order="id")

    def test_a_setting_is_told_with_its_values(self):
        self.config.with_user(self.boss).write(
            {"log_days": 45, "exclude_automations": False}
        )
        days = self.entries(field_name="log_days")
        self.assertEqual((days.before, days.after), ("30", "45"))
        self.assertEqual(days.user_id, self.boss)
        self.assertEqual(days.config_id, self.config)
        self.assertEqual(days.field_label, "Days of Logs")
        self.assertEqual(self.entries(field_name="exclude_automations").before, "Yes")

    def test_an_installation_is_nobodys_doing(self):
        """Thousands of words come with it."""
        kind = self.env["ir.model"]._get("ac.place.alias").name
        told = self.env["ac.trail"].search_count([("record_model", "=", kind)])
        self.assertLess(told, self.env["ac.place.alias"].search_count([]) / 2)

    def test_what_stays_as_it_was_is_not_told(self):
        self.config.write({"log_days": self.config.log_days, "name": self.config.name})
        self.assertFalse(self.entries())

    def test_what_the_engine_notes_is_no_setting(self):
        self.config.write({"problem": "x", "metadata_at": fields.Datetime.now()})
        self.assertFalse(self.entries())

    def test_secrets_are_told_as_changed(self):
        self.config.with_user(self.boss).ac_api_key = "another-secret"
        self.config.with_user(self.boss).action_new_webhook_token()
        changed = self.entries(action="changed")
        self.assertIn("ac_api_key_encrypted", changed.mapped("field_name"))
        self.assertIn("ac_webhook_token_encrypted", changed.mapped("field_name"))
        self.assertEqual(self.entries(action="rotated").user_id, self.boss)
        told = str(self.entries().read())
        for secret in ("another-secret", KEY, self.config.ac_api_key_encrypted):
            self.assertNotIn(secret, told)

    def test_a_secret_is_named_in_words(self):
        self.config.with_user(self.boss).ac_api_key = "another-secret"
        self.config.with_user(self.boss).action_new_webhook_token()
        labels = set(self.entries(action="changed").mapped("field_label"))
        self.assertLessEqual({"Stored API Key", "Stored Webhook Token"}, labels)
        self.assertFalse([label for label in labels if label.startswith("Ac ")])
        self.assertEqual(self.entries(action="rotated").note, "Webhook token")

    def test_no_context_keeps_an_entry_away(self):
        context = {"install_module": "x", "install_mode": True}
        self.config.with_user(self.boss).with_context(**context).log_days = 44
        self.assertEqual(self.entries(field_name="log_days").user_id, self.boss)

    def test_what_managers_set_up_is_told_with_its_account(self):
        rule = self.env["ac.audience.rule"].create(
            {"name": "Rule", "config_id": self.config.id, "domain": "[]"}
        )
        rule.name = "Renamed"
        rule.unlink()
        told = self.entries(record_model="ActiveCampaign Audience Rule")
        self.assertEqual(told.mapped("action"), ["created", "changed", "deleted"])
        self.assertEqual(told.config_id, self.config)

    def test_connecting_and_testing_are_told(self):
        self.config.action_confirm()
        self.config.test_connection()
        told = self.entries().mapped("action")
        self.assertIn("confirmed", told)
        self.assertEqual(told.count("tested"), 2)

    def test_a_failed_test_is_told_although_it_is_rolled_back(self):
        self.fail_test()
        failed = self.entries(action="test_failed")
        self.assertEqual(failed.user_id, self.boss)
        self.assertIn("API key", failed.note)

    def fail_test(self):
        self.simulator.faults({"kind": "status", "status": 403, "path": "/users/me"})
        with self.assertRaises(UserError):
            self.config.with_user(self.boss).test_connection()
        self.cr.rollback()
        self.env.invalidate_all()

    def test_repeated_failed_tests_are_an_alert(self):
        for _time in range(alerts.FAILED_TESTS - 1):
            self.fail_test()
        self.assertNotIn("tests", self.look().mapped("kind"))
        self.fail_test()
        alert = self.look().filtered(lambda a: a.kind == "tests")
        self.assertIn("5 times", alert.message)
        self.assertTrue(alert.hint)

    def test_repeated_wrong_tokens_are_an_alert(self):
        self.env["ac.error.log"]._record_knocks(
            {"203.0.113.9": alerts.WRONG_TOKENS - 1}
        )
        self.assertNotIn("tokens", self.look().mapped("kind"))
        self.env["ac.error.log"]._record_knocks({"203.0.113.9": 1})
        alert = self.look().filtered(lambda a: a.kind == "tokens")
        self.assertIn(str(alerts.WRONG_TOKENS), alert.message)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_nobody_changes_or_deletes_an_entry(self):
        self.config.log_days = 46
        entry = self.entries(field_name="log_days")
        theirs = entry.with_user(self.boss)
        self.assertEqual(theirs.read(["after"])[0]["after"], "46")
        with self.assertRaises(AccessError):
            theirs.create({"action": "changed"})
        for who in (theirs, entry):
            with self.assertRaises(UserError):
                who.write({"after": "47"})
            with self.assertRaises(UserError):
                who.unlink()
        with self.assertRaises(AccessError):
            entry.with_user(self.grace).read(["after"])

    def test_a_list_that_is_taken_out_is_told(self):
        self.config.export_data(["name"])
        entry = self.entries(action="exported")
        self.assertEqual(entry.record_model, "ActiveCampaign Account")
        self.assertIn("1 record", entry.note)

    def test_another_company_sees_nothing_of_it(self):
        self.config.write(
            {"alert_user_ids": False, "company_id": self.company("Elsewhere").id}
        )
        self.config.log_days = 47
        entry = self.entries(field_name="log_days")
        trail = self.env["ac.trail"].with_user(self.boss)
        self.assertFalse(trail.search([("id", "=", entry.id)]))
        self.assertTrue(entry.company_id)

    def test_entries_outlive_their_account_and_go_by_retention(self):
        other = self.make_config(name="Second")
        other.log_days = 48
        entry = self.entries(field_name="log_days", after="48")
        other.unlink()
        self.assertEqual(self.entries(action="deleted").record_name, "Second")
        self.age(entry, 400)
        self.assertTrue(entry.exists())
        self.age(entry, 1200)
        self.assertFalse(entry.exists())

    def age(self, entry, days):
        then = fields.Datetime.now() - timedelta(days=days)
        self.cr.execute("UPDATE ac_trail SET date = %s WHERE id = %s", (then, entry.id))
        self.commit()
        retention.purge(self.env)
        self.commit()
        self.env.invalidate_all()

    def test_the_trail_cannot_be_shortened_to_nothing(self):
        with self.assertRaises(ValidationError):
            self.config.trail_days = 1
