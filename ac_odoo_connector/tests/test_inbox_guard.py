# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may store an event: tokens old and new, networks, floods, and the alert."""

import logging

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..controllers.webhook import _without_token
from ..engine import guard, knocks, vault
from ..engine.bucket import MOST_SOURCES, Bucket
from ..engine.webhook_setup import webhook_url
from .common import ConnectorCase

HERE = "203.0.113.9"


@tagged("post_install", "-at_install")
class TestInboxGuard(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.patch(guard, "_right", Bucket())
        self.patch(guard, "_wrong", Bucket())
        knocks._untold.clear()
        knocks._told_at.clear()
        self.addCleanup(self.forget_errors)

    def forget_errors(self):
        self.cr.rollback()
        self.env["ac.error.log"].search([]).unlink()

    def token(self):
        self.env.invalidate_all()
        return webhook_url(self.config).partition("token=")[2]

    def status(self, token, address=HERE):
        """Return the status of a request with this token: 0 when it is let in."""
        self.env.flush_all()
        try:
            found = guard.account_of(self.env.cr, token, address)
        except guard.Refusal as refusal:
            return refusal.status
        self.assertEqual(found, self.config.id)
        return 0

    # Tokens -----------------------------------------------------------------------

    def test_only_the_token_opens(self):
        token = self.token()
        self.assertEqual(self.status(token), 0)
        for wrong in ("", token[:-1], token.upper(), f"{token} ", "ü", "\udcff"):
            self.assertEqual(self.status(wrong), 403)

    def test_without_a_token_or_connection_nothing_is_accepted(self):
        token = self.token()
        self.config.ac_webhook_token_encrypted = False
        self.assertEqual([self.status(""), self.status(token)], [403, 403])
        self.config.ac_webhook_token = token
        self.config.state = "draft"
        self.assertEqual(self.status(token), 403)

    def test_the_old_token_is_valid_until_its_time_is_over(self):
        old = self.token()
        self.config.action_new_webhook_token()
        new = self.token()
        self.assertNotEqual(new, old)
        self.assertEqual([self.status(new), self.status(old)], [0, 0])
        self.config.old_token_until = "2020-01-01"
        self.assertEqual([self.status(new), self.status(old)], [0, 403])

    def test_the_old_token_can_be_stopped_at_once(self):
        old = self.token()
        self.config.action_new_webhook_token()
        self.config.action_stop_old_token()
        self.assertEqual([self.status(self.token()), self.status(old)], [0, 403])

    def test_no_overlap_where_nobody_wants_one(self):
        old = self.token()
        self.config.token_overlap_hours = 0
        self.config.action_new_webhook_token()
        self.assertEqual([self.status(self.token()), self.status(old)], [0, 403])
        self.assertFalse(self.config.old_token_until)

    def test_a_token_typed_by_hand_leaves_the_old_one_valid_for_a_while(self):
        old = self.token()
        self.config.ac_webhook_token = "typed-by-hand-0123456789"
        self.assertEqual(self.status("typed-by-hand-0123456789"), 0)
        self.assertEqual(self.status(old), 0)
        self.assertNotIn(old, self.config.ac_webhook_token_old_encrypted)

    def test_activecampaign_is_told_the_new_token(self):
        self.config.action_connect_webhook()
        self.config.action_new_webhook_token()
        self.run_jobs()
        (webhook,) = self.simulator.state()["webhooks"].values()
        self.assertEqual(webhook["url"], webhook_url(self.config))
        self.assertEqual(self.status(self.token()), 0)

    def test_the_token_that_activecampaign_has_stays_until_it_has_another(self):
        self.config.action_connect_webhook()
        first = self.token()
        for _rotation in range(2):
            self.config.action_new_webhook_token()
        self.config.ac_webhook_token = "typed-by-hand-0123456789"
        self.config.old_token_until = "2020-01-01"
        self.assertEqual([self.status(first), self.status(self.token())], [0, 0])
        self.config.action_connect_webhook()
        self.assertEqual([self.status(first), self.status(self.token())], [0, 0])
        self.config.old_token_until = "2020-01-01"
        self.assertEqual([self.status(first), self.status(self.token())], [403, 0])

    def test_two_accounts_never_have_one_token(self):
        old = self.token()
        self.config.action_new_webhook_token()
        other = self.config.copy({"name": "Other", "active": False})
        for token in (old, self.token()):
            with self.assertRaisesRegex(ValidationError, "Another account"):
                other.ac_webhook_token = token
                other.flush_recordset()

    def test_a_token_of_two_accounts_opens_neither(self):
        token = self.token()
        other = self.make_config(name="Other")
        self.assertEqual(self.status(token), 0)
        self.cr.execute(
            "UPDATE ac_odoo_config SET ac_webhook_token_encrypted = %s WHERE id = %s",
            (vault.encrypt(token, self.env.cr.dbname), other.id),
        )
        self.assertEqual(self.status(token), 403)

    def test_a_token_of_another_key_is_none(self):
        token = self.token()
        self.config.ac_webhook_token_encrypted = "gAAAAABnot-ours"
        self.assertEqual(self.status(token), 403)
        dbname = self.env.cr.dbname
        self.config.ac_webhook_token_encrypted = vault.encrypt(token, dbname)
        self.assertEqual(self.status(token), 0)

    def test_only_managers_handle_tokens(self):
        operator = new_test_user(
            self.env,
            "token_operator",
            "base.group_user,ac_odoo_connector.group_operator",
        )
        self.addCleanup(operator.unlink)
        config = self.config.with_user(operator)
        for button in ("new_webhook_token", "stop_old_token", "show_webhook_address"):
            with self.assertRaises(AccessError):
                getattr(config, f"action_{button}")()
        self.assertFalse([name for name in config.read()[0] if "token" in name])
        shown = self.config.action_show_webhook_address()["params"]["message"]
        self.assertEqual(shown, webhook_url(self.config))

    def test_the_access_log_shows_no_token_however_it_is_written(self):
        for query in (
            "?token=SECRET",
            "?x=1&token=SECRET&y=2",
            "?tok%65n=SECRET",
            "?%74%6f%6b%65%6e=SE%43RET",
            "?x=?token=SECRET",
            "?a=1;token=SECRET",
        ):
            line = f'"POST /ac/webhook/any{query} HTTP/1.1" 200'
            self.assertNotIn("RET", _without_token(line))
            self.assertIn('HTTP/1.1" 200', _without_token(line))
        self.assertEqual(_without_token("/x?a=1&b=2"), "/x?a=1&b=2")
        for port in ("werkzeug", "longpolling"):
            line = {"msg": "POST /ac/webhook/any?token=SECRET", "args": ()}
            record = logging.makeLogRecord(line)
            self.assertTrue(logging.getLogger(port).filter(record))
            self.assertNotIn("SECRET", record.getMessage())

    # Networks ---------------------------------------------------------------------

    def test_only_allowed_networks(self):
        token = self.token()
        self.config.allowed_networks = "203.0.113.0/24, 2001:db8::/32\n198.51.100.7"
        for address in (
            HERE,
            "198.51.100.7",
            "2001:db8::1",
            "::ffff:203.0.113.9",
            "2001:db8::1%eth0",
        ):
            self.assertEqual(self.status(token, address), 0, address)
        for address in ("198.51.100.8", "::1", "", "unix:", "203.0.113.9, 10.0.0.1"):
            self.assertEqual(self.status(token, address), 403, address)

    def test_networks_are_checked_when_they_are_entered(self):
        for wrong in ("example.com", "203.0.113.0/33", "203.0.113"):
            with self.assertRaisesRegex(ValidationError, "Not an address"):
                self.config.allowed_networks = wrong
            self.cr.rollback()

    # Floods -----------------------------------------------------------------------

    def test_a_bucket_refills_with_time(self):
        now = [0.0]
        bucket = Bucket(clock=lambda: now[0])
        self.assertEqual([bucket.take("a", 2) for _ in range(2)], [0, 0])
        self.assertEqual(bucket.take("a", 2), 30)
        self.assertEqual(bucket.take("b", 2), 0)
        now[0] = 30.0
        self.assertEqual([bool(bucket.take("a", 2)) for _ in range(2)], [False, True])

    def test_a_bucket_does_not_grow(self):
        bucket = Bucket(clock=lambda: 0.0)
        for number in range(3 * MOST_SOURCES):
            bucket.take(number, 2)
        self.assertLessEqual(len(bucket._used), MOST_SOURCES)

    def test_wrong_tokens_are_slowed_down_and_right_ones_go_on(self):
        statuses = [self.status("wrong") for _ in range(guard.WRONG_PER_MINUTE + 3)]
        self.assertEqual(statuses[-4:], [403, 429, 429, 429])
        self.assertEqual(self.status("wrong", "198.51.100.7"), 403)
        self.assertEqual(self.status(self.token()), 0)

    def test_a_burst_of_a_mailing_is_taken_and_a_flood_is_not(self):
        token = self.token()
        self.assertEqual({self.status(token) for _ in range(2000)}, {0})
        self.config.max_events_per_minute = 1
        self.env.flush_all()
        with self.assertRaises(guard.Refusal) as caught:
            for _ in range(2):
                guard.account_of(self.env.cr, token, HERE)
        self.assertEqual(caught.exception.status, 429)
        self.assertGreaterEqual(caught.exception.retry_after, 1)
        self.config.max_events_per_minute = 0
        self.assertEqual(self.status(token), 0)

    # The alert --------------------------------------------------------------------

    def alerts(self):
        self.commit()
        self.env.invalidate_all()
        return self.env["ac.error.log"].search([("code", "=", "wrong_token")])

    def test_a_wrong_token_or_two_alarm_nobody(self):
        for _ in range(knocks.REPEATED - 1):
            knocks.knocked(self.env, HERE)
        self.assertFalse(self.alerts())

    def test_many_wrong_tokens_make_one_entry_and_few_writes(self):
        self.commit()
        for number in range(500):
            knocks.knocked(self.env, HERE if number % 5 else "198.51.100.7")
        (alert,) = self.alerts()
        self.assertEqual(alert.count, knocks.REPEATED)
        knocks._told_at.clear()  # the pause is over
        knocks.knocked(self.env, HERE)
        (alert,) = self.alerts()
        self.assertEqual(alert.count, 501)
        self.assertIn(f"{HERE} and 1 more", alert.message)
        self.assertIn("198.51.100.7: 100", alert.trace)
        self.assertEqual(alert.config_id, self.config)
        self.assertIn("Repair Webhook", alert.hint)

    def test_the_next_hour_has_an_entry_of_its_own(self):
        for _hour in range(2):
            knocks._told_at.clear()
            for _ in range(knocks.REPEATED):
                knocks.knocked(self.env, HERE)
            self.alerts().first_seen = "2020-01-01"
            self.commit()
        self.assertEqual(self.alerts().mapped("count"), [5, 5])

    def test_an_alert_that_is_long_over_closes_itself(self):
        for _ in range(knocks.REPEATED):
            knocks.knocked(self.env, HERE)
        self.env["ac.odoo.config"]._cron_forget()
        self.assertEqual(self.alerts().state, "open")
        self.alerts().last_seen = "2020-01-01"
        self.env["ac.odoo.config"]._cron_forget()
        self.assertEqual(self.alerts().state, "solved")

    def test_invented_addresses_do_not_fill_the_memory(self):
        knocks._told_at[self.env.cr.dbname] = float("inf")
        for number in range(1000):
            knocks.knocked(self.env, f"2001:db8::{number:x}")
        untold = knocks._untold[self.env.cr.dbname]
        self.assertEqual(sum(untold.values()), 1000)
        self.assertLessEqual(len(untold), knocks.MOST_ADDRESSES + 1)
