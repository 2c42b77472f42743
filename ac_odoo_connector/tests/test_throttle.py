# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One account, one limit, whoever calls."""

import threading

from odoo.tests import tagged

from ..activecampaign import ActiveCampaignClient
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

    def counts_later(self, limiter, seconds):
        """Whether a call that took so long counts from later than it was let out."""
        limiter.acquire("request")
        limiter._asked -= seconds
        limiter.answered()
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
