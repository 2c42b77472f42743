# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ActiveCampaign itself counts of a contact: its scores, the mails it was sent."""

from odoo.tests import tagged

from ..engine import engagement
from ..engine.timeline_appliers import counted_over_there
from .test_timeline import TimelineCase


@tagged("post_install", "-at_install")
class TestEngagementScore(TimelineCase):
    def test_what_the_contact_itself_counts_is_taken_over(self):
        self.tell("open")
        engagement.learn(self.env, {self.partner.id: {"sent": 12, "score": None}})
        self.assertEqual(self.engagement.sent_count, 12)
        self.assertFalse(self.engagement.has_score)
        engagement.learn(self.env, {self.partner.id: {"sent": None, "score": 45}})
        self.assertEqual((self.engagement.sent_count, self.engagement.score), (12, 45))
        self.assertEqual(self.engagement.open_count, 1)

    def test_a_contact_read_again_brings_its_score_and_what_it_was_sent(self):
        self.perform("metadata")
        for action, values in (("score", {"value": 45}), ("sent", {})):
            path = f"actions/{action}"
            self.simulator.call("POST", path, email="ada@example.com", **values)
        self.tell("update")
        row = self.engagement
        self.assertEqual((row.score, row.has_score, row.sent_count), (45, True, 1))
        self.assertIn("score", [f["name"] for f in row._glance()["figures"]])

    def test_scores_that_nobody_may_read_hinder_nothing(self):
        self.perform("metadata")
        rule = {"kind": "status", "status": 401, "path": "scoreValues"}
        self.simulator.faults(rule)
        self.simulator.call("POST", "actions/sent", email="ada@example.com")
        self.tell("update")
        self.assertEqual(self.events().state, "done")
        self.assertEqual((self.engagement.sent_count, self.engagement.score), (1, 0))

    def test_odd_numbers_are_none(self):
        for odd in ("²", "12.5", "-1", None, [], "٣ "):
            self.assertIsNone(counted_over_there({"sentcnt": odd})["sent"], odd)
