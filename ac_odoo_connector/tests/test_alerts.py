# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is told what, when, and how often: once, and once when it is over."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..activecampaign import AuthenticationError
from ..engine import alerts, backlog
from .people_case import PeopleCase

LOG = "odoo.addons.ac_odoo_connector.models.ac_alert"


class AlertCase(PeopleCase):
    """An account with one reader, and a clock that the test moves."""

    def setUp(self):
        super().setUp()
        self.grace = self.user("operator", email="grace@example.com")
        self.config.alert_user_ids = self.grace
        self.now = fields.Datetime.now()
        self.run_jobs()
        self.addCleanup(self._forget_mails)

    def _forget_mails(self):
        self.cr.rollback()
        self.env["mail.mail"].search([("model", "=", "ac.alert")]).unlink()
        self.commit()

    def look(self, minutes=0):
        """Let minutes pass and check; return the account's alerts."""
        self.now += timedelta(minutes=minutes)
        self.commit()
        self.env["ac.alert"]._check(self.config, self.now)
        self.commit()
        self.env.invalidate_all()
        return self.config.alert_ids

    def subjects(self):
        """Return the subjects of the e-mails so far, the first one first."""
        mails = self.env["mail.mail"].search([("model", "=", "ac.alert")], order="id")
        self.assertLessEqual(mails.recipient_ids, self.grace.partner_id)
        return mails.mapped("subject")

    def refuse(self, text="The API key is wrong"):
        self.commit()
        self.config._report(AuthenticationError(text, status=403))
        self.commit()
        self.env.invalidate_all()

    def mend(self):
        self.config._all_well()
        self.commit()


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


@tagged("post_install", "-at_install")
class TestChecks(AlertCase):
    """What each check finds, on the data that the engine leaves."""

    def kinds(self, minutes=0):
        return set(
            self.look(minutes).filtered(lambda a: a.state == "open").mapped("kind")
        )

    def log_errors(self, count):
        self.env["ac.error.log"].create(
            [
                {
                    "config_id": self.config.id,
                    "operation": "Odoo to ActiveCampaign",
                    "message": f"Refused {number}",
                }
                for number in range(count)
            ]
        )

    def test_repeated_failures(self):
        self.config.alert_failures = 3
        self.log_errors(2)
        self.assertEqual(self.kinds(), set())
        self.log_errors(1)
        self.assertEqual(self.kinds(), {"failures"})
        alert = self.config.alert_ids
        self.assertIn("3 records or events", alert.message)
        domain = alert.action_open()["domain"]
        self.assertEqual(self.env["ac.error.log"].search_count(domain), 3)

    def test_solved_failures_do_not_count(self):
        self.config.alert_failures = 1
        self.log_errors(3)
        self.config.env["ac.error.log"].search([]).state = "solved"
        self.assertEqual(self.kinds(), set())

    def people(self, count):
        start = len(self.env["res.partner"].search([("name", "=", "Person")]))
        return self.make_partners(
            *(
                {"name": "Person", "email": f"person{start + n}@example.com"}
                for n in range(count)
            )
        )

    def wait_for(self, minutes):
        """Leave a change in the outbox for so long."""
        self.people(1)
        self.cr.execute(
            "UPDATE ac_binding SET marked_at = marked_at - %s * INTERVAL '1 minute'",
            (minutes,),
        )
        self.commit()
        self.env.invalidate_all()

    def test_what_waits_too_long(self):
        self.wait_for(50)
        self.assertEqual(self.kinds(), set())
        self.assertEqual(self.kinds(15), {"backlog"})
        self.assertIn("1 records or events wait", self.config.alert_ids.message)
        self.run_jobs()
        self.assertEqual(self.kinds(20), set())

    def test_a_run_is_no_backlog_unless_its_worker_is_gone(self):
        self.people(3)
        self.run_jobs()
        run = self.env["ac.sync.run"]._start(self.config)
        self.commit()
        self.assertEqual(backlog.measure(self.config, self.now)[0], 0)
        self.cr.execute(
            "UPDATE ac_binding SET write_date = write_date - INTERVAL '2 hours', "
            "marked_at = marked_at - INTERVAL '2 hours'"
        )
        self.cr.execute(
            "UPDATE ac_sync_run SET started_at = started_at - INTERVAL '2 hours'"
        )
        self.commit()
        self.env.invalidate_all()
        self.assertTrue(run.is_stale)
        self.assertEqual(self.kinds(), {"backlog"})
        run.action_pause()
        self.assertEqual(
            backlog.measure(self.config, self.now)[0], 0, "somebody wants it so"
        )

    def test_growing_backlog(self):
        self.config.write({"alert_backlog_records": 4, "alert_backlog_minutes": 999})
        for _time in range(3):
            self.assertEqual(self.kinds(10), set())
            self.people(2)
        self.assertEqual(self.kinds(10), {"growth"})
        self.assertIn("6 records or events wait", self.config.alert_ids.message)

    def test_large_backlog_that_shrinks_is_left_alone(self):
        self.config.write({"alert_backlog_records": 1, "alert_backlog_minutes": 999})
        for waiting in (9, 7, 5, 3):
            self.now += timedelta(minutes=10)
            self.env["ac.backlog"].create(
                {"config_id": self.config.id, "at": self.now, "waiting": waiting}
            )
        self.people(2)
        self.assertEqual(self.kinds(10), set())

    def test_nobody_is_told_twice_why_nothing_is_sent(self):
        self.wait_for(50)
        self.refuse()
        self.assertEqual(self.kinds(), {"access"})
        self.assertEqual(self.kinds(30), {"access"}, "that records wait follows")

    def test_open_breaker(self):
        values = {
            "config_id": self.config.id,
            "state": "open",
            "reason": "All is lost.",
        }
        row = self.env["ac.breaker"].search([("config_id", "=", self.config.id)])
        row.write(values) if row else row.create(values)
        self.assertEqual(self.kinds(), {"breaker"})
        self.assertIn("All is lost.", self.config.alert_ids.message)

    def test_silent_webhook(self):
        self.config.write({"ac_webhook_id": "1", "webhook_since": "2020-01-01"})
        self.assertEqual(self.kinds(), {"webhook"})
        self.assertIn("72 hours", self.config.alert_ids.message)

    def test_webhook_that_needs_repair(self):
        self.config.webhook_problem = "it was deleted in ActiveCampaign"
        self.assertEqual(self.kinds(), {"webhook"})
        self.assertIn("it was deleted", self.config.alert_ids.message)

    def test_failed_comparison(self):
        record = self.env["ac.reconciliation"]._start(self.config)
        record._finish("failed", "The same page came twice.")
        self.assertEqual(self.kinds(), {"audit"})
        self.assertIn("The same page", self.config.alert_ids.message)
        self.assertEqual(self.config.alert_ids.action_open()["res_id"], record.id)
        self.env["ac.reconciliation"]._start(self.config)._finish("done")
        self.assertEqual(self.kinds(20), set())

    def test_audit_with_differences_until_it_is_repaired(self):
        if "ac.audit.run" not in self.env:
            self.skipTest("no audit here")
        values = {"config_id": self.config.id, "state": "done", "differences": 3}
        run = self.env["ac.audit.run"].create(values)
        self.assertEqual(self.kinds(), {"audit"})
        self.assertIn("3 differences", self.config.alert_ids.message)
        self.assertEqual(self.config.alert_ids.action_open()["res_id"], run.id)
        run.repaired_at = self.now
        self.assertEqual(self.kinds(20), set())

    def test_every_kind_has_a_check_words_and_a_place(self):
        field = self.env["ac.alert"]._fields["kind"]
        self.assertEqual(list(alerts.KINDS), [kind for kind, _label in field.selection])
        for kind in alerts.KINDS:
            alert = self.env["ac.alert"].new(
                {"config_id": self.config.id, "kind": kind, "state": "open"}
            )
            self.assertTrue(alert.message and alert.hint, kind)
            self.assertTrue(alert.action_open()["res_model"], kind)

    def test_samples_of_last_month_are_forgotten(self):
        old = self.env["ac.backlog"].create(
            {"config_id": self.config.id, "at": self.now - timedelta(days=31)}
        )
        self.look()
        self.assertFalse(old.exists())
        self.assertEqual(len(self.env["ac.backlog"].search([])), 1)


@tagged("post_install", "-at_install")
class TestAlertSettings(AlertCase):
    """Nonsense is refused when it is saved, with a sentence."""

    def refused(self, words, **values):
        with self.assertRaisesRegex(ValidationError, words):
            self.config.write(values)
        self.cr.rollback()
        self.env.invalidate_all()

    def test_thresholds(self):
        self.commit()
        for name in (
            "alert_failures",
            "alert_backlog_minutes",
            "alert_backlog_records",
        ):
            for value in (0, -5):
                self.refused("has to be 1 or more", **{name: value})

    def test_hours(self):
        self.commit()
        for hour in (-1, 24, 99.5):
            self.refused("times of the day", alert_quiet_from=hour)
            self.refused("times of the day", alert_quiet_until=hour)

    def test_users(self):
        stranger = self.user(None, "stranger")
        silent = self.user("user", "silent")
        silent.email = False
        self.commit()
        self.refused("takes the role", alert_user_ids=stranger.ids)
        self.refused("no e-mail address", alert_user_ids=silent.ids)
        elsewhere = self.company("Elsewhere")
        self.commit()
        self.refused("another company", company_id=elsewhere.id)

    def test_whoever_makes_an_account_is_told(self):
        manager = self.user("manager", email="manager@example.com")
        config = self.env["ac.odoo.config"].with_user(manager)
        self.assertEqual(config._default_alert_users(), manager)
        manager.email = False
        self.env.invalidate_all()
        self.assertFalse(config._default_alert_users())
