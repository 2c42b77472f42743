# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is told what, when, and how often: once, and once when it is over."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import alerts
from .alert_case import AlertCase

LOG = "odoo.addons.ac_odoo_connector.models.ac_alert"


@tagged("post_install", "-at_install")
class TestIncidents(AlertCase):
    def test_nothing_wrong_nobody_told(self):
        self.assertFalse(self.look())
        self.assertEqual(self.subjects(), [])

    def test_one_message_for_an_incident_and_one_for_its_end(self):
        self.refuse()
        for _time in range(4):
            alert = self.look(5)
        self.assertEqual((alert.kind, alert.state), ("access", "open"))
        self.assertEqual(self.subjects(), ["Test: No access"])
        self.mend()
        self.look(5)
        self.assertEqual(alert.state, "open", "it may come back in a minute")
        self.look(15)
        self.look(5)
        self.assertEqual(alert.state, "recovered")
        self.assertEqual(
            self.subjects(), ["Test: No access", "Test: No access, is over"]
        )

    def test_what_comes_and_goes_is_one_incident(self):
        for _time in range(6):
            self.refuse()
            self.look(5)
            self.mend()
            self.look(5)
        self.assertEqual(len(self.config.alert_ids), 1)
        self.assertEqual(len(self.subjects()), 1)

    def test_what_begins_anew_is_told_anew(self):
        self.refuse()
        self.look()
        self.mend()
        self.look(20)
        self.refuse()
        self.look(5)
        self.assertEqual(self.config.alert_ids.mapped("state"), ["open", "recovered"])
        self.assertEqual(len(self.subjects()), 3)

    def test_mail_says_what_to_do_and_where(self):
        self.refuse("Payment required")
        alert = self.look()
        mail = self.env["mail.mail"].search([("model", "=", "ac.alert")])
        for text in ("Payment required", "Test Connection", alert.address):
            self.assertIn(text, mail.body_html)
        self.assertEqual(mail.recipient_ids, self.grace.partner_id)

    def test_activity_waits_for_the_reader_until_it_is_over(self):
        self.refuse()
        alert = self.look()
        self.assertEqual(alert.activity_ids.user_id, self.grace)
        self.assertIn("No access", alert.activity_ids.summary)
        self.assertEqual(len(self.subjects()), 1, "no second e-mail about the activity")
        self.mend()
        self.look(20)
        self.assertFalse(alert.activity_ids)

    def test_each_way_can_be_left_out(self):
        self.config.write({"alert_by_mail": False})
        self.refuse()
        alert = self.look()
        self.assertTrue(alert.activity_ids)
        self.assertEqual(self.subjects(), [])
        self.config.write({"alert_by_mail": True, "alert_by_activity": False})
        self.mend()
        self.look(20)
        self.refuse()
        alert = self.look() - alert
        self.assertFalse(alert.activity_ids)
        self.assertIn("Test: No access", self.subjects())

    def test_who_may_not_read_it_any_more_hears_nothing(self):
        self.refuse()
        self.grace.active = False
        alert = self.look()
        self.assertEqual((alert.state, alert.told_at), ("open", False))
        self.grace.active = True
        self.look(5)
        self.assertTrue(alert.told_at)
        self.assertEqual(len(self.subjects()), 1)

    def test_words_are_the_readers_own(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "ac.alert"), ("value", "=", "access")]
        ).with_context(lang="de_DE").name = "Kein Zugang"
        self.grace.lang = "de_DE"
        self.refuse()
        self.look()
        self.assertEqual(self.subjects(), ["Test: Kein Zugang"])

    # Quiet hours --------------------------------------------------------------------

    def be_quiet(self, hours=2):
        begin = self.now.hour + self.now.minute / 60
        until = (begin + hours) % 24
        self.config.write({"alert_quiet_from": begin, "alert_quiet_until": until})

    def test_quiet_hours_put_the_message_off(self):
        self.be_quiet()
        self.refuse()
        alert = self.look(1)
        self.assertEqual((alert.state, self.subjects()), ("open", []))
        self.assertFalse(alert.activity_ids)
        self.look(130)
        self.assertEqual(len(self.subjects()), 1)

    def test_what_is_over_after_quiet_hours_is_not_told(self):
        self.be_quiet()
        self.refuse()
        self.look(1)
        self.mend()
        alert = self.look(30)
        self.look(130)
        self.assertEqual(alert.state, "recovered")
        self.assertEqual(self.subjects(), [])

    def test_quiet_hours_are_those_of_their_time_zone(self):
        midnight = fields.Datetime.to_datetime("2026-01-15 23:30:00")
        self.config.write({"alert_quiet_from": 22, "alert_quiet_until": 6.5})
        for zone, quiet in (("UTC", True), ("Asia/Tokyo", False), (False, True)):
            self.config.alert_tz = zone or "UTC"
            self.assertEqual(alerts.is_quiet(self.config, midnight), quiet, zone)
        morning = fields.Datetime.to_datetime("2026-01-15 06:29:00")
        self.config.alert_tz = "UTC"
        self.assertTrue(alerts.is_quiet(self.config, morning))
        self.assertFalse(alerts.is_quiet(self.config, morning + timedelta(minutes=1)))

    def test_same_hour_twice_is_never_quiet(self):
        self.assertFalse(alerts.is_quiet(self.config, self.now))

    # Cron ---------------------------------------------------------------------------

    def test_cron_looks_at_every_account_though_one_fails(self):
        other = self.make_config(name="Other")
        self.refuse()
        self.cr.execute(
            "ALTER TABLE ac_backlog ADD CONSTRAINT test_forbidden CHECK "
            "(config_id <> %s)",
            (other.id,),
        )
        self.commit()
        self.addCleanup(self._allow)
        with mute_logger(LOG, "odoo.sql_db"):
            self.env["ac.alert"]._cron_check()
        self.assertEqual(self.config.alert_ids.kind, "access")

    def _allow(self):
        self.cr.rollback()
        self.cr.execute("ALTER TABLE ac_backlog DROP CONSTRAINT test_forbidden")
        self.commit()

    def test_disconnected_account_has_no_incidents(self):
        self.refuse()
        alert = self.look()
        self.config.write({"state": "draft"})
        self.env["ac.alert"]._cron_check()
        self.assertEqual(alert.state, "recovered")
        self.assertFalse(alert.activity_ids)
        self.assertEqual(len(self.subjects()), 1, "they know")

    def test_button_looks_at_once(self):
        self.refuse()
        action = self.config.with_user(self.grace).action_check_alerts()
        found = self.env["ac.alert"].search(action["domain"])
        self.assertEqual(found.kind, "access")
        reader = self.user("user")
        with self.assertRaises(AccessError):
            self.config.with_user(reader).action_check_alerts()

    def test_alerts_of_another_company_are_nobodys_business(self):
        self.config.alert_user_ids = False
        self.config.company_id = self.company("Elsewhere")
        self.refuse()
        alert = self.look()
        self.assertTrue(alert)
        self.assertFalse(self.env["ac.alert"].with_user(self.grace).search([]))
