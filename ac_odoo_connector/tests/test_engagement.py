# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is warm: counters, levels, and screens that stay fast."""

from datetime import timedelta

from odoo import fields, sql_db
from odoo.tests import new_test_user, tagged

from ..engine import engagement
from .test_timeline import NOON, TimelineCase

GROUP = "ac_odoo_connector.group_user"


@tagged("post_install", "-at_install")
class TestEngagement(TimelineCase):
    def test_counts_and_last_moments(self):
        self.store("open", NOON)
        self.store("open", NOON - timedelta(days=3))
        self.store(
            "click", NOON + timedelta(minutes=1), link={"url": "https://x.example.com"}
        )
        self.store("reply", NOON + timedelta(minutes=2))
        self.store("share", NOON + timedelta(minutes=3), share={"network": "x"})
        self.store("forward", NOON + timedelta(minutes=4))
        self.store("bounce", NOON + timedelta(minutes=5), bounce={"type": "soft"})
        self.run_jobs()
        row = self.engagement
        self.assertEqual((row.open_count, row.click_count, row.reply_count), (2, 1, 1))
        self.assertEqual((row.share_count, row.bounce_count), (2, 1))
        self.assertEqual(row.last_open_at, NOON)
        self.assertEqual(row.last_click_at, NOON + timedelta(minutes=1))
        self.assertEqual(row.last_at, NOON + timedelta(minutes=4))
        self.assertFalse(row.last_bounce_at, "a soft one says nothing")
        self.assertEqual(row.last_campaign, "Spring")
        days = self.env["ac.engagement.day"].search([], order="day")
        self.assertEqual([(d.opens, d.clicks) for d in days], [(1, 0), (1, 4)])

    def test_late_event_changes_no_last_moment(self):
        self.tell("open", NOON, campaign={"id": "2", "name": "New"})
        self.tell("open", NOON - timedelta(days=9), campaign={"id": "1", "name": "Old"})
        row = self.engagement
        self.assertEqual((row.last_at, row.last_campaign), (NOON, "New"))
        self.assertEqual(row.open_count, 2)

    def test_level_follows_the_documented_rule(self):
        hard = {"bounce": {"type": "hard"}}
        for expected, events in (
            ("hot", [("click", 13, {})]),
            ("hot", [("reply", 13, {})]),
            ("warm", [("click", 15, {})]),
            ("warm", [("open", 1, {})]),
            ("cold", [("open", 31, {})]),
            ("asleep", [("click", 91, {})]),
            ("lost", [("click", 2, {}), ("bounce", 1, hard)]),
            ("hot", [("bounce", 2, hard), ("click", 1, {})]),
        ):
            with self.subTest(expected=expected, events=events):
                self.engagement.sudo().unlink()
                for type_, days, values in events:
                    at = self.ago(days=days, seconds=self.later())
                    self.tell(type_, at, **values)
                self.assertEqual(self.engagement.level, expected)

    def later(self):
        """Return another number each time, or events would be repetitions."""
        self.count = getattr(self, "count", 0) + 1
        return self.count

    def test_people_cool_down_over_night(self):
        self.tell("click", self.ago(days=1))
        self.assertEqual(self.engagement.level, "hot")
        for days, level in ((20, "warm"), (40, "cold"), (200, "asleep")):
            moment = self.ago(days=days)
            self.engagement.write({"last_at": moment, "last_click_at": moment})
            self.commit()
            before = sql_db.sql_counter
            self.env["ac.engagement"]._cron_age()
            # half of them ask whether the accounts are stopped
            self.assertLessEqual(sql_db.sql_counter - before, 8)
            self.commit()
            self.assertEqual(self.engagement.level, level)

    def test_days_that_no_chart_shows_are_forgotten(self):
        self.tell("open", self.ago(days=400))
        self.tell("open", self.ago(days=80))
        self.commit()
        self.env["ac.engagement"]._cron_age()
        self.commit()
        self.assertEqual(len(self.env["ac.engagement.day"].search([])), 1)

    def test_counting_over_night_waits_for_counting_now(self):
        """A cron in Odoo's own isolation would fail: somebody has counted meanwhile."""
        self.tell("click", self.ago(days=1))
        self.commit()
        self.env["ac.engagement"].search([]).mapped("level")  # the cron's transaction
        with self.registry.cursor() as cr:
            cr.execute("UPDATE ac_engagement SET level = 'cold'")
        self.env["ac.engagement"]._cron_age()
        self.commit()
        self.env.invalidate_all()
        self.assertEqual(self.engagement.level, "hot")

    def test_mailed_but_silent_people_are_asleep(self):
        engagement.learn(self.env, {self.partner.id: {"sent": 3, "score": None}})
        self.assertEqual(self.engagement.level, "asleep")

    def test_partners_are_filtered_grouped_and_sorted(self):
        grace, nobody = self.make_partners(
            {"name": "Grace", "email": "grace@example.com"},
            {"name": "Nobody", "email": "nobody@example.com"},
        )
        self.run_jobs()
        self.store("click", self.ago(days=1))
        self.store("open", self.ago(days=40), partner=grace)
        self.run_jobs()
        user = new_test_user(
            self.env, "sees.engagement", groups=f"base.group_user,{GROUP}"
        )
        partners = self.env["res.partner"].with_user(user)
        ours = [("id", "in", (self.partner | grace | nobody).ids)]

        def find(operator, value):
            found = partners.search([*ours, ("ac_level", operator, value)])
            return set(found.mapped("name"))

        self.assertEqual(find("=", "hot"), {"Ada Lovelace"})
        self.assertEqual(find("in", ["hot", "cold"]), {"Ada Lovelace", "Grace"})
        self.assertEqual(find("!=", "hot"), {"Grace", "Nobody"})
        self.assertEqual(find("=", False), {"Nobody"})
        self.assertEqual(find("!=", False), {"Ada Lovelace", "Grace"})
        groups = partners._read_group(ours, ["ac_level"], ["__count"])
        self.assertEqual(dict(groups), {"hot": 1, "cold": 1, False: 1})
        by_name = partners.search(ours, order="ac_last_at desc nulls last").mapped(
            "name"
        )
        self.assertEqual(by_name, ["Ada Lovelace", "Grace", "Nobody"])
        month = fields.Datetime.now() - timedelta(days=30)
        engaged = [*ours, ("ac_engagement_ids.last_at", ">=", month)]
        self.assertEqual(partners.search(engaged), self.partner.with_user(user))

    def test_user_sees_people_of_own_companies_only(self):
        company = self.company("Engagement of Others")
        self.tell("open")
        user = new_test_user(self.env, "own.company", groups=f"base.group_user,{GROUP}")
        row = self.engagement.with_user(user)
        self.assertEqual(row.search([]), row)
        self.partner.company_id = company
        self.env.flush_all()
        self.assertFalse(row.search([]))

    def test_merged_people_keep_their_counts(self):
        grace = self.make_partners({"name": "Grace", "email": "grace@example.com"})
        self.run_jobs()
        self.store("click", self.ago(days=1, seconds=2))
        newest = {"id": "2", "name": "Autumn"}
        self.store("open", self.ago(days=1), partner=grace, campaign=newest)
        self.store("open", self.ago(days=2), partner=grace)
        self.run_jobs()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | grace).ids, self.partner)
        row = self.engagement
        self.assertEqual((row.open_count, row.click_count, row.level), (2, 1, "hot"))
        self.assertEqual(row.last_campaign, "Autumn")
        days = self.env["ac.engagement.day"].search([], order="day")
        self.assertEqual([(d.opens, d.clicks) for d in days], [(1, 0), (1, 1)])

    def test_deleted_partner_takes_its_engagement_along(self):
        self.tell("open")
        self.partner.unlink()
        self.assertFalse(self.env["ac.engagement"].search([]))
        self.assertFalse(self.env["ac.engagement.day"].search([]))

    def test_counting_never_makes_a_users_save_fail(self):
        """User requirement 29: the user's transaction began before the events came."""
        self.store("open")
        self.partner.name = "Ada King"  # not committed yet
        self.env.flush_all()
        with self.registry.cursor() as cr:
            env = self.env(cr=cr)
            env["ac.odoo.config"].browse(self.config.id)._job_inbox()
        self.partner.phone = "7"
        self.commit()
        self.env.invalidate_all()
        self.assertEqual(self.engagement.open_count, 1)
        self.assertEqual((self.partner.name, self.partner.phone), ("Ada King", "7"))

    def test_glance_of_the_form(self):
        self.store("open", self.ago(days=2))
        self.store("click", self.ago(days=2), link={"url": "https://x.example.com"})
        self.run_jobs()
        glance = self.partner.ac_engagement_chart
        self.assertEqual((glance["level"], glance["length"]), ("hot", 90))
        self.assertEqual(glance["days"], [[2, 1, 1]])
        shown = [(f["name"], f["number"]) for f in glance["figures"]]
        self.assertEqual(shown, [("open", 1), ("click", 1)])
        self.assertEqual(self.partner.ac_event_count, 2)
        action = self.partner.action_ac_events()
        self.assertEqual(self.env["ac.event"].search_count(action["domain"]), 2)
        self.assertEqual(
            self.env["res.partner"].new({}).ac_engagement_chart["days"], []
        )


@tagged("post_install", "-at_install")
class TestManyEvents(TimelineCase):
    """Pages over 100,000 events."""

    def setUp(self):
        super().setUp()
        self.crowd = self.make_partners(
            *({"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(80))
        )
        self.store("open")  # many more like this one
        self.cr.execute(
            """
            INSERT INTO ac_event
            SELECT (jsonb_populate_record(e, jsonb_build_object('id', made.id,
                'key', 'many ' || n, 'state', 'done', 'topic', 'open:' || n %% 7,
                'partner_id', %s + n %% 80,
                'occurred_at', e.occurred_at - n * INTERVAL '1 minute'))).*
            FROM ac_event e CROSS JOIN generate_series(1, 100000) n
                CROSS JOIN LATERAL (
                    SELECT nextval('ac_event_id_seq') AS id WHERE n > 0) made
            """,
            (self.crowd[0].id,),
        )
        self.cr.execute(
            """
            INSERT INTO ac_engagement (partner_id, level, last_at, open_count)
            SELECT id, 'warm', now(), 3 FROM unnest(%s) id
            """,
            (self.crowd.ids,),
        )
        self.cr.execute("ANALYZE ac_event, ac_engagement")
        self.commit()

    def queries(self, records, *names):
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        records.web_read({name: {} for name in names})
        return self.cr.sql_log_count - before

    def test_pages_stay_fast(self):
        """One test, because so many events take their time to make."""
        with self.subTest("a list costs the same for one and for eighty"):
            self.check_list()
        with self.subTest("a form costs few queries"):
            self.check_form()
        with self.subTest("indexes are used"):
            self.check_indexes()

    def check_list(self):
        names = ("name", "ac_level", "ac_last_at", "ac_last_campaign", "ac_open_count")
        one = self.queries(self.crowd[:1], *names)
        self.assertEqual(self.queries(self.crowd, *names), one)

    def check_form(self):
        names = ("ac_level", "ac_event_count", "ac_engagement_chart")
        one = self.queries(self.crowd[:1], *names)
        self.assertLessEqual(one, 8)
        self.assertEqual(self.queries(self.crowd, *names), one)

    def plan(self, query, *values):
        self.cr.execute(f"EXPLAIN {query}", values)  # pylint: disable=sql-injection
        return "\n".join(line for (line,) in self.cr.fetchall())

    def check_indexes(self):
        partner = self.crowd[5].id
        for query, *values in (
            ("SELECT count(*) FROM ac_event WHERE partner_id = %s", partner),
            (
                "SELECT id FROM ac_event WHERE partner_id = %s ORDER BY id DESC LIMIT 80",
                partner,
            ),
            (
                "SELECT note_id FROM ac_event WHERE partner_id = ANY(%s) "
                "AND topic = ANY(%s) AND occurred_at > now() - INTERVAL '2 hours'",
                [partner],
                ["open:3"],
            ),
        ):
            plan = self.plan(query, *values)
            self.assertNotIn("Seq Scan", plan)
            self.assertIn("ac_event", plan)
