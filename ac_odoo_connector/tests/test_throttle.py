# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One account, one limit, whoever calls."""

import threading
from datetime import timedelta

from odoo.tests import tagged

from ..activecampaign import ActiveCampaignClient
from ..engine import throttle
from ..engine.throttle import DatabaseLimiter
from ..engine.transaction import transaction
from .common import KEY, SIMULATOR, ConnectorCase


@tagged("post_install", "-at_install")
class TestThrottle(ConnectorCase):
    def test_many_workers_share_the_rate_of_an_account(self):
        self.real_limits()
        threads = [threading.Thread(target=self.work) for _worker in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        log = self.simulator.call("GET", "log")
        self.assertGreaterEqual(len(log["entries"]), 24)
        self.assertLessEqual(log["max_per_second_seen"], 5)
        self.assertNotIn("429", log["statuses"])

    def work(self):
        limiter = DatabaseLimiter(self.env, "shared")
        with ActiveCampaignClient(
            SIMULATOR, KEY, limiter=limiter, allow_local=True
        ) as client:
            for _call in range(3):
                client.users.me()

    def test_late_does_not_become_usual(self):
        """The first call of a worker, and one that takes longer than the others."""
        limiter = DatabaseLimiter(self.env, f"late {self.id()}")
        self.assertTrue(self.counts_later(limiter, 0.1))
        for _call in range(200):
            self.counts_later(limiter, 0.1)
        self.assertFalse(self.counts_later(limiter, 0.1))
        for _call in range(5):
            self.assertTrue(self.counts_later(limiter, 0.2))

    def test_no_answer_makes_nothing_usual(self):
        """A refused connection is quick, and says nothing of how answers come."""
        limiter = DatabaseLimiter(self.env, f"dead {self.id()}")
        for _call in range(200):
            self.counts_later(limiter, 0.1)
        limiter.acquire("request")
        limiter.ended(answered=False)
        self.assertFalse(self.counts_later(limiter, 0.1))

    def test_what_is_on_its_way_may_yet_arrive(self):
        """It keeps its place beyond the window: until its answer, or it must be there."""
        self.real_limits()
        away = self.left_before(seconds=2, count=1)
        others = [DatabaseLimiter(self.env, "away") for _call in range(4)]
        self.assertEqual([other._take("request") for other in others], [0] * 4)
        self.assertEqual(away._take("request"), throttle.SOON)
        self.age(throttle.LATEST - 2)
        self.assertEqual(away._take("request"), 0)

    def test_what_was_answered_late_takes_a_place_in_the_window(self):
        self.real_limits()
        away = self.left_before(seconds=1, count=1)
        for seconds in (1.1, 0):
            others = [DatabaseLimiter(self.env, "away") for _call in range(4)]
            self.assertEqual([other._take("request") for other in others], [0] * 4)
            for other in others:
                other.ended(answered=True)
            self.age(seconds)
        away._asked -= 2.1
        away._moment -= timedelta(seconds=1.1)
        away.ended(answered=True)
        self.assertGreater(away._take("request"), 0.5)

    def test_what_was_answered_in_time_takes_none(self):
        self.real_limits()
        away = self.left_before(seconds=2, count=5)
        self.assertEqual(away._take("request"), throttle.SOON)
        away.ended(answered=True)
        self.assertEqual(away._take("request"), 0)

    def test_how_a_call_has_ended_is_not_hidden(self):
        """By a database that cannot write it down."""
        limiter = DatabaseLimiter(self.env, "away")
        limiter.acquire("request")
        self.rename("ac_throttle", "ac_throttle_gone")
        try:
            limiter.ended(answered=True)
        finally:
            self.rename("ac_throttle_gone", "ac_throttle")
        self.assertEqual(self.away(), 1)
        limiter.ended(answered=True)
        self.assertEqual(self.away(), 0)

    def away(self):
        with transaction(self.env) as env:
            env.cr.execute("SELECT sum(cardinality(away)) FROM ac_throttle")
            return env.cr.fetchone()[0]

    def rename(self, table, name):
        with transaction(self.env) as env:
            env.cr.execute(f"ALTER TABLE {table} RENAME TO {name}")

    def test_waiting_uses_no_number_up(self):
        """Those of rows end some day."""
        self.real_limits()
        away = self.left_before(seconds=2, count=5)
        before = self.last_number()
        for _try in range(3):
            self.assertEqual(away._take("request"), throttle.SOON)
        self.assertEqual(self.last_number(), before)

    def last_number(self):
        with transaction(self.env) as env:
            env.cr.execute("SELECT last_value FROM ac_throttle_id_seq")
            return env.cr.fetchone()[0]

    def left_before(self, seconds, count):
        """Let calls leave that nobody has answered yet; return the limiter of the last."""
        for _call in range(count):
            limiter = DatabaseLimiter(self.env, "away")
            limiter.acquire("request")
        self.age(seconds)
        limiter._moment -= timedelta(seconds=seconds)
        return limiter

    def age(self, seconds):
        """Let time pass for the calls that have left."""
        with transaction(self.env) as env:
            env.cr.execute(
                """
                UPDATE ac_throttle SET
                    recent = ARRAY(SELECT m - %(past)s FROM unnest(recent) m),
                    away = ARRAY(SELECT m - %(past)s FROM unnest(away) m)
                """,
                {"past": timedelta(seconds=seconds)},
            )

    def counts_later(self, limiter, seconds):
        """Whether a call that took so long counts from later than it was let out."""
        limiter.acquire("request")
        limiter._asked -= seconds
        limiter.ended(answered=True)
        with transaction(self.env) as env:
            env.cr.execute(
                "SELECT recent[1] > %s FROM ac_throttle WHERE account = %s",
                (limiter._moment, limiter.account),
            )
            return env.cr.fetchone()[0]

    def test_a_pause_holds_for_everybody(self):
        self.real_limits()
        one, two = (DatabaseLimiter(self.env, "shared") for _ in range(2))
        one.pause(2)
        self.assertGreater(two._take("request"), 1)

    def test_accounts_do_not_wait_for_each_other(self):
        DatabaseLimiter(self.env, "busy").pause(60)
        self.assertEqual(DatabaseLimiter(self.env, "free")._take("request"), 0)
