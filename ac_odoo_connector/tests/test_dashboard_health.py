# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the dashboard says of an account that is paused, and of what waits for long."""

from datetime import datetime

from odoo.tests import tagged

from ..engine import wake
from .inbox_case import InboxCase

UNTIL = datetime(2099, 1, 2, 3, 4, 5)


@tagged("post_install", "-at_install")
class TestDashboardHealth(InboxCase):
    def look(self):
        self.commit()
        self.env.invalidate_all()
        return self.env["ac.odoo.config"].get_dashboard(self.config.id)

    def queues(self):
        return {queue["key"]: queue for queue in self.look()["queues"]}

    def age(self, table, column, minutes):
        self.commit()
        self.cr.execute(
            f"UPDATE {table} SET {column} = now() AT TIME ZONE 'UTC' "
            f"- INTERVAL '{minutes} min'"
        )

    def test_an_open_breaker_says_why_and_until_when(self):
        row = self.env["ac.breaker"].search([("config_id", "=", self.config.id)])
        values = {"state": "open", "reason": "All is lost.", "until": UNTIL}
        row = row or row.create({"config_id": self.config.id})
        row.write(values)
        health = self.look()["health"]
        self.assertEqual(
            (health["breaker"], health["breaker_label"]), ("open", "Paused")
        )
        self.assertEqual(health["reason"], "All is lost.")
        self.assertEqual(health["until"], "2099-01-02 03:04:05")

    def test_row_34_what_a_run_has_left_waits_in_its_own_channel(self):
        """User requirement 34: depth and age per channel."""
        self.cr.execute("DELETE FROM ac_binding; DELETE FROM queue_job")
        self.env["ac.sync.run"]._start(self.config)
        self.age("ac_binding", "marked_at", 7)
        queues = self.queues()
        self.assertEqual(queues["batch"]["waiting"]["value"], 2)
        self.assertGreaterEqual(queues["batch"]["age"], 7 * 60)
        self.assertLess(queues["batch"]["age"], 8 * 60)
        self.assertEqual(queues["push"]["waiting"]["value"], 0)
        self.assertIsNone(queues["push"]["age"])

    def test_row_34_events_have_their_age(self):
        """User requirement 34."""
        wake._covered_until.clear()
        self.opened(self.ada, 1)
        self.age("ac_event", "create_date", 11)
        self.opened(self.ada, 2)
        webhook = self.queues()["webhook"]
        self.assertEqual(webhook["waiting"]["value"], 2)
        self.assertGreaterEqual(webhook["age"], 11 * 60)
        self.assertLess(webhook["age"], 12 * 60)
