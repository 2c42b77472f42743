# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When too much fails nothing is sent, nothing is lost, and one asks again."""

from concurrent.futures import ThreadPoolExecutor

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..activecampaign import Paused, ServerError
from ..engine import breaker, gateway, inbox
from ..engine.transaction import transaction
from .breaker_case import DOWN, MINIMUM, BreakerCase

MOMENT = "2026-07-17T22:01:25-05:00"


@tagged("post_install", "-at_install")
class TestOpening(BreakerCase):
    def test_half_of_the_calls_fail_and_nothing_is_sent_any_more(self):
        self.simulator.faults(DOWN)
        self.assertIsInstance(self.call(MINIMUM), ServerError)
        self.assertEqual(self.config.breaker_state, "open")
        self.assertIn("5 of 5 requests failed", self.config.breaker_reason)
        self.simulator.forget_log()
        self.assertIsInstance(self.call(3), Paused)
        self.assertEqual(self.simulator.calls(), [])

    def test_few_calls_tell_nothing(self):
        self.simulator.faults(DOWN)
        self.call(MINIMUM - 1)
        self.assertEqual(self.config.breaker_state, "closed")

    def test_less_than_half_is_bad_luck(self):
        self.call(3)
        self.simulator.faults(DOWN)
        self.call(2)
        self.assertEqual(self.config.breaker_state, "closed")
        self.call()
        self.assertEqual(self.config.breaker_state, "open")
        self.assertIn("3 of 6 requests", self.config.breaker_reason)

    def test_the_share_is_a_setting(self):
        self.config.breaker_threshold = 80
        self.commit()
        self.call(2)
        self.simulator.faults(DOWN)
        self.call(7)
        self.assertEqual(self.config.breaker_state, "closed")
        self.call()
        self.assertEqual(self.config.breaker_state, "open")

    def test_what_failed_before_the_window_does_not_count(self):
        self.simulator.faults(DOWN)
        self.call(MINIMUM - 1)
        self.cr.execute(
            "UPDATE ac_api_usage SET minute = minute - INTERVAL '6 minutes'"
        )
        self.commit()  # what is locked is not counted
        self.call(MINIMUM - 1)
        self.assertEqual(self.config.breaker_state, "closed")
        self.config.breaker_window = 10
        self.commit()
        self.call()
        self.assertEqual(self.config.breaker_state, "open")

    def test_silence_counts_like_an_error(self):
        self.simulator.faults({"kind": "drop"})
        self.call(MINIMUM)
        self.assertEqual(self.config.breaker_state, "open")

    def test_what_is_wrong_with_a_record_does_not_count(self):
        for status in (400, 404, 422, 429):
            self.simulator.call("DELETE", "faults")
            self.simulator.faults({"kind": "status", "status": status, "path": "tags"})
            self.call(MINIMUM)
        self.assertEqual(self.config.breaker_state, "closed")
        self.cr.execute("SELECT sum(errors), sum(failures) FROM ac_api_usage")
        self.assertEqual(self.cr.fetchone(), (4 * MINIMUM, 0))

    def test_who_is_in_the_middle_of_a_chunk_stops(self):
        with gateway.open_client(self.config) as client:
            client.users.me()
            self.simulator.faults(DOWN)
            self.call(2 * MINIMUM)
            self.come_up()
            self.simulator.forget_log()
            with self.assertRaises(Paused):
                client.users.me()
        self.assertEqual(self.simulator.calls(), [])

    def test_an_account_does_not_pause_another(self):
        other = self.make_config(name="Other")
        self.go_down()
        self.come_up()
        self.assertIsInstance(self.call(), Paused)
        self.assertIsNone(self.call(config=other))
        self.assertEqual(other.breaker_state, "closed")

    def test_nonsense_is_refused(self):
        for values in (
            {"breaker_threshold": 0},
            {"breaker_threshold": 101},
            {"breaker_window": -1},
            {"breaker_window": 0},
            {"breaker_minimum": 0},
            {"breaker_cooldown": 0},
            {"breaker_cooldown": 86400},
        ):
            with self.assertRaisesRegex(ValidationError, "must be between"):
                self.config.write(values)
            self.cr.rollback()


@tagged("post_install", "-at_install")
class TestPaused(BreakerCase):
    def test_jobs_wait_and_no_try_is_used_up(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.go_down()
        self.assertIn("failed within 5 minutes", self.postponed("push"))
        self.assertIn("failed within 5 minutes", self.postponed("metadata"))
        self.assertEqual(self.binding(partner).state, "pending")
        self.assertEqual(self.binding(partner).tries, 0)
        self.assertEqual(self.simulator.calls(), [])

    def test_events_that_need_no_answer_are_applied(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        contact = {"id": self.binding(partner).remote_id}
        self.go_down()
        for type_ in ("open", "update"):
            event = {"type": type_, "date_time": MOMENT, "contact": contact}
            inbox.store(self.env, self.config, event)
        self.assertIn("failed within 5 minutes", self.postponed("inbox"))
        events = self.env["ac.event"].search([("config_id", "=", self.config.id)])
        states = {event.type: (event.state, event.tries) for event in events}
        self.assertEqual(states, {"open": ("done", 0), "update": ("new", 0)})
        self.assertEqual(self.simulator.calls(), [])

    def test_jobs_come_back_when_it_is_tried_again(self):
        self.go_down()
        error = self.call()
        self.assertGreater(error.retry_after, self.pause_seconds())
        self.assertLess(error.retry_after, self.pause_seconds() + breaker.SOON)

    def test_saving_goes_on(self):
        self.go_down()
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.assertEqual(self.binding(partner).state, "pending")

    def test_one_request_finds_out_and_the_work_goes_on(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.go_down()
        self.come_up()
        self.end_pause()
        self.perform("push")
        self.assertEqual(self.paths()[0], "/users/me")
        self.assertEqual(self.paths().count("/users/me"), 1)
        self.assertEqual(self.binding(partner).state, "synced")
        self.assertEqual(self.config.breaker_state, "closed")
        self.assertFalse(self.config.breaker_reason)

    def test_it_stays_open_for_longer_each_time(self):
        self.go_down()
        for expected in (30, 60, 120, 240, 480, 900, 900):
            self.assertAlmostEqual(self.pause_seconds(), expected, delta=20)
            self.end_pause()
            self.assertIsInstance(self.call(), ServerError)
            self.assertEqual(self.config.breaker_state, "open")
        self.assertEqual(self.paths(), ["/users/me"] * 7)

    def test_what_opens_again_soon_is_paused_for_longer(self):
        self.go_down()
        self.come_up()
        self.end_pause()
        self.assertIsNone(self.call())
        self.go_down()
        self.assertEqual(self.row().openings, 2)
        self.come_up()
        self.end_pause()
        self.assertIsNone(self.call())
        self.cr.execute("UPDATE ac_breaker SET closed_at = '2020-01-01'")
        self.commit()
        self.go_down()
        self.assertEqual(self.row().openings, 1)

    def test_failures_of_the_outage_are_forgiven(self):
        self.go_down()
        self.come_up()
        self.end_pause()
        self.assertIsNone(self.call())
        self.simulator.faults(DOWN | {"times": 1})
        self.call()
        self.assertEqual(self.config.breaker_state, "closed")

    def test_one_worker_finds_out_and_the_others_wait(self):
        self.go_down()
        self.end_pause()
        with ThreadPoolExecutor(8) as workers:
            turns = list(workers.map(self.enters, range(8)))
        self.assertEqual(turns.count(True), 1)
        self.assertEqual(turns.count(None), 7)
        self.assertEqual(self.row().state, "half_open")
        self.assertLessEqual(self.call().retry_after, breaker.SOON)

    def enters(self, _worker):
        """Return whether a worker has the turn, None when it is turned away."""
        try:
            return breaker.enter(self.env, self.config.id)
        except Paused:
            return None

    def test_who_dies_while_finding_out_is_followed_by_another(self):
        self.go_down()
        self.end_pause()
        self.assertTrue(self.enters(1))
        self.assertIsNone(self.enters(2))
        self.end_pause()
        self.come_up()
        self.assertIsNone(self.call())
        self.assertEqual(self.config.breaker_state, "closed")

    def test_an_idle_account_is_tried_again_too(self):
        self.go_down()
        self.come_up()
        self.env["ac.odoo.config"]._cron_outbox()
        self.assertEqual(self._waiting_jobs(), [])
        self.end_pause()
        self.look_again()
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertEqual(self.config.breaker_state, "closed")

    def test_waiting_jobs_start_when_it_answers(self):
        self.config._enqueue("push", eta=600)
        self.go_down()
        self.come_up()
        self.end_pause()
        self.assertIsNone(self.call())
        self.cr.execute("SELECT count(*), count(eta) FROM queue_job")
        self.assertEqual(self.cr.fetchone(), (1, 0))

    def test_a_database_that_cannot_count_stops_nobody(self):
        self.cr.execute(
            "ALTER TABLE ac_api_usage ADD CONSTRAINT test_full CHECK (calls < 0)"
        )
        self.commit()
        self.addCleanup(self.allow)
        with mute_logger("odoo.sql_db"):
            self.assertIsNone(self.call())
        self.assertEqual(len(self.simulator.calls()), 1)

    def allow(self):
        self.cr.rollback()
        self.cr.execute("ALTER TABLE ac_api_usage DROP CONSTRAINT test_full")
        self.commit()


@tagged("post_install", "-at_install")
class TestProbe(BreakerCase):
    def test_being_too_fast_is_an_answer(self):
        self.go_down()
        self.come_up()
        self.end_pause()
        self.simulator.faults({"kind": "status", "status": 429, "times": 1})
        self.call()
        self.assertEqual(self.config.breaker_state, "closed")

    def test_a_late_answer_changes_nothing_that_others_have_decided(self):
        self.go_down()
        with transaction(self.env) as env:
            breaker.close(env, self.config.id)
            breaker.conclude(env, self.config.id, ServerError("late"), "")
        self.assertEqual(self.row().state, "closed")
