# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is hot, who only was."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_timeline import TimelineCase


@tagged("post_install", "-at_install")
class TestEngagementLevel(TimelineCase):
    def ago(self, **period):
        return fields.Datetime.now().replace(microsecond=0) - timedelta(**period)

    @property
    def engagement(self):
        return self.partner.ac_engagement_ids

    def test_an_answer_by_sms_is_a_reply(self):
        self.tell("sms_reply", self.ago(days=1), sms={"reply": "YES"})
        row = self.engagement
        self.assertEqual((row.reply_count, row.level), (1, "hot"))
        self.assertEqual(row.last_reply_at, row.last_at)
        figures = self.partner.ac_engagement_chart["figures"]
        self.assertIn(("reply", 1), [(f["name"], f["number"]) for f in figures])

    def test_who_has_unsubscribed_is_not_hot(self):
        self.tell("click", self.ago(days=2))
        self.tell("unsubscribe", self.ago(days=1), list="1")
        self.assertEqual(self.engagement.level, "left")
        self.tell("click", self.ago(hours=2))
        self.assertEqual(self.engagement.level, "warm", "there, but said no")
        self.say("granted")
        self.assertEqual(self.engagement.level, "hot")

    def test_who_says_no_in_odoo_is_not_hot(self):
        self.tell("click", self.ago(days=2))
        self.say("withdrawn")
        self.assertEqual(self.engagement.level, "left")
        self.env["ac.consent"].search([("partner_id", "=", self.partner.id)]).unlink()
        self.commit()
        self.assertEqual(self.engagement.level, "hot")

    def say(self, state):
        """Record in Odoo what the person says of marketing in general."""
        self.env["ac.consent"]._record(self.partner, state, "phone")
        self.commit()

    def test_saying_no_waits_for_nobody_who_counts(self):
        """The user's transaction began before; what is counted meanwhile is kept."""
        self.store("click", self.ago(days=1))
        self.env["ac.consent"]._record(self.partner, "withdrawn", "phone")
        with self.registry.cursor() as cr:
            env = self.env(cr=cr)
            env["ac.odoo.config"].browse(self.config.id)._job_inbox()
        self.commit()
        self.env.invalidate_all()
        self.assertEqual(
            (self.engagement.click_count, self.engagement.level), (1, "left")
        )
