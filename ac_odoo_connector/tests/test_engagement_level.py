# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is hot, who only was; and the hottest come first."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..engine import engagement
from .test_timeline import TimelineCase


@tagged("post_install", "-at_install")
class TestEngagementLevel(TimelineCase):
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

    def test_the_hottest_come_first_and_silent_people_last(self):
        rows = self.env["ac.engagement"]
        seen = {
            "cold": ("cold", 40),
            "silent": (False, None),
            "warm": ("warm", 3),
            "lost": ("lost", 2),
            "hot": ("hot", 5),
            "left": ("left", 1),
            "hotter": ("hot", 4),
            "asleep": ("asleep", 200),
            "mailed": ("asleep", None),
        }
        for name, (level, days) in seen.items():
            partner = self.env["res.partner"].create({"name": name})
            last_at = days and self.ago(days=days)
            rows.create({"partner_id": partner.id, "level": level, "last_at": last_at})
        expected = "hotter hot warm cold asleep mailed left lost silent".split()
        self.assertEqual(rows.search([]).partner_id.mapped("name"), expected)
        self.assertEqual(
            [level for level, _count in rows._read_group([], ["level"], ["__count"])],
            ["hot", "warm", "cold", "asleep", "left", "lost", False],
        )
        twofold = rows._read_group(
            [], ["level", "partner_id"], order="partner_id desc, level"
        )
        self.assertEqual(len(twofold), len(seen))

    def test_the_list_begins_with_who_did_something(self):
        engagement.learn(self.env, {self.partner.id: {"sent": 3, "score": None}})
        action = self.env.ref("ac_odoo_connector.action_ac_engagement")
        self.assertIn("search_default_engaged", action.context)
        found = self.env["ac.engagement"].search
        self.assertFalse(found(self.default_filter()))
        self.tell("open")
        self.assertEqual(found(self.default_filter()), self.engagement)

    def default_filter(self):
        view = self.env.ref("ac_odoo_connector.view_ac_engagement_search")
        node = etree.fromstring(view.arch).find(".//filter[@name='engaged']")
        return safe_eval(node.get("domain"))
