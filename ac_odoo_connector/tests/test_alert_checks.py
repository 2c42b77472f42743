# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each check finds on the data that the engine leaves; settings that are refused."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..engine import alerts, backlog
from .alert_case import AlertCase


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
        self.assertIn("Repair Webhook", self.config.alert_ids.hint)

    def test_failed_comparison(self):
        record = self.env["ac.reconciliation"]._start(self.config)
        record._finish("failed", "The same page came twice.")
        self.assertEqual(self.kinds(), {"audit"})
        self.assertIn("The same page", self.config.alert_ids.message)
        self.assertEqual(self.config.alert_ids.action_open()["res_id"], record.id)
        self.env["ac.reconciliation"]._start(self.config)._finish("done")
        self.assertEqual(self.kinds(20), set())

    def test_audit_with_differences_until_it_is_repaired(self):
        values = {"config_id": self.config.id, "state": "done", "differences": 3}
        run = self.env["ac.audit.run"].create(values)
        self.assertEqual(self.kinds(), {"audit"})
        self.assertIn("3 differences", self.config.alert_ids.message)
        self.assertEqual(self.config.alert_ids.action_open()["res_id"], run.id)
        run.repaired_at = self.now
        self.assertEqual(self.kinds(20), set())

    def test_failed_audit_until_one_succeeds(self):
        audits = self.env["ac.audit.run"]
        failed = audits._start(self.config)
        failed._finish("failed", "It could not be ended in two days.")
        self.assertEqual(self.kinds(), {"audit"})
        alert = self.config.alert_ids
        self.assertIn("could not be ended", alert.message)
        place = alert.action_open()
        self.assertEqual(
            (place["res_model"], place["res_id"]), (audits._name, failed.id)
        )
        audits._start(self.config)._finish("stopped")
        self.assertEqual(self.kinds(20), {"audit"}, "nobody has compared since")
        audits._start(self.config)._finish("done")
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
