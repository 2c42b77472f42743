# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ActiveCampaign tells of people, on their timelines: silent, grouped, escaped."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from ..engine import inbox, timeline, timeline_words
from ..engine.appliers import APPLIERS
from ..engine.told import Told
from .common import ConnectorCase

NOON = datetime(2026, 7, 17, 12)
KINDS = {
    "open": "Opened the e-mail",
    "click": "Clicked in the e-mail",
    "reply": "Replied to the e-mail",
    "forward": "Forwarded the e-mail",
    "share": "Shared the e-mail",
    "bounce": "bounced",
    "subscribe": "Was added as a contact",
    "unsubscribe": "Unsubscribed from",
    "contact_tag_added": "Was tagged",
    "contact_tag_removed": "Lost the tag",
    "subscriber_note": "Note in ActiveCampaign",
    "contact_task_add": "Task planned",
    "contact_task_complete": "Task done",
    "automation": "Reached a step of an automation",
    "sms_sent": "Was sent an SMS",
    "sms_reply": "Replied by SMS",
    "sms_unsub": "Wants no SMS any more",
    "deal_add": "A deal was opened",
    "deal_note_add": "Note on a deal",
    "deal_task_add": "Task planned",
    "deal_task_complete": "Task done",
}
"""Types that leave a note on a person, with words of it."""


class TimelineCase(ConnectorCase):
    def ago(self, **period):
        return fields.Datetime.now().replace(microsecond=0) - timedelta(**period)

    @property
    def engagement(self):
        return self.partner.ac_engagement_ids

    def setUp(self):
        super().setUp()
        self.partner = self.make_partners(
            {"name": "Ada Lovelace", "email": "ada@example.com"}
        )
        self.run_jobs()
        self.env["mail.message"].search(self.of(self.partner)).unlink()
        self.commit()

    def of(self, record):
        return [("model", "=", record._name), ("res_id", "=", record.id)]

    def payload(self, type_, at=NOON, partner=None, **values):
        """Return what a webhook sends, `at` a moment in UTC; the account is at -05:00."""
        local = (at - timedelta(hours=5)).isoformat() + "-05:00"
        contact_id = self.binding(partner or self.partner).remote_id
        payload = {
            "type": type_,
            "date_time": local,
            "initiated_from": "public",
            "contact": {"id": contact_id, "email": "ada@example.com"},
            "campaign": {"id": "3", "name": "Spring", "message": {"subject": "News"}},
            **values,
        }
        return {k: v for k, v in payload.items() if v is not None}

    def tell(self, type_, at=NOON, **values):
        """Store an event and apply it."""
        self.store(type_, at, **values)
        self.run_jobs()

    def store(self, type_, at=NOON, **values):
        inbox.store(self.env, self.config, self.payload(type_, at, **values))
        self.commit()

    def notes(self, record=None):
        """Return the messages of a record, the oldest first."""
        messages = self.env["mail.message"]
        return messages.search(self.of(record or self.partner), order="date, id")

    def texts(self, record=None):
        return [str(note.body) for note in self.notes(record)]

    def events(self):
        return self.env["ac.event"].search([], order="id")


@tagged("post_install", "-at_install")
class TestTimeline(TimelineCase):
    def test_every_kind_leaves_a_readable_note(self):
        detail = {
            "bounce": {"bounce": {"type": "hard", "code": "5.1.1"}},
            "contact_tag_added": {"tag": "Fair"},
            "contact_tag_removed": {"tag": "Fair"},
            "subscriber_note": {"note": "Call her"},
            "automation": {"type": None, "date_time": None, "seriesid": "1"},
            "unsubscribe": {"list": "1"},
            "sms_sent": {"sms": {"id": "1", "successful": "1"}},
            "contact_task_add": {"task": {"title": "Call"}},
        }
        for number, type_ in enumerate(KINDS):
            at = NOON + timedelta(hours=2 * number)
            self.store(type_, at, **detail.get(type_, {}))
        self.run_jobs()
        self.assertEqual(set(self.events().mapped("state")), {"done"})
        texts = self.texts()
        for type_, words in KINDS.items():
            self.assertTrue(any(words in text for text in texts), type_)
        self.assertEqual(len(texts), len(KINDS))
        self.assertFalse([text for text in texts if "#" in text], "a number is no name")
        for event in self.events():
            note = str(event.note_id.body).replace("<b>", "").replace("</b>", "")
            self.assertIn(event.happening, note, "lists say what notes say")

    def test_nobody_is_notified(self):
        user = self.env.ref("base.user_admin")
        self.partner.message_subscribe(user.partner_id.ids)
        self.commit()
        mails = self.env["mail.mail"].search_count([])
        self.tell("open")
        (note,) = self.notes()
        self.assertFalse(note.notification_ids)
        self.assertEqual(self.partner.message_partner_ids, user.partner_id)
        self.assertEqual(self.partner.with_user(user).message_needaction_counter, 0)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertTrue(note.is_internal)
        self.assertTrue(note.subtype_id.internal)

    def test_note_is_dated_when_it_happened(self):
        self.tell("open", NOON)
        self.assertEqual(self.notes().date, NOON)

    def test_clock_that_runs_ahead_dates_nothing_into_the_future(self):
        self.tell("open", datetime(2199, 1, 1))
        self.assertLess(self.notes().date, datetime.now() + timedelta(minutes=1))

    def test_many_opens_within_an_hour_are_one_note(self):
        for minutes in (0, 10, 59):
            self.tell("open", NOON + timedelta(minutes=minutes))
        (text,) = self.texts()
        self.assertIn("3 times", text)
        self.assertEqual(self.notes().date, NOON)
        self.tell("open", NOON + timedelta(minutes=61))
        self.assertEqual(len(self.texts()), 2)
        self.assertNotIn("times", self.texts()[1])

    def test_opens_of_one_chunk_are_one_note(self):
        for minutes in (40, 0, 20, 90):
            self.store("open", NOON + timedelta(minutes=minutes))
        self.run_jobs()
        first, second = self.texts()
        self.assertIn("3 times", first)
        self.assertNotIn("times", second)
        self.assertEqual(self.notes().mapped("date")[0], NOON)

    def test_other_mails_links_and_people_have_their_own_notes(self):
        other = self.make_partners({"name": "Grace", "email": "grace@example.com"})
        self.run_jobs()
        self.store("open")
        self.store("open", campaign={"id": "4", "name": "Summer"})
        self.store("click", link={"url": "https://example.com/a"})
        self.store("click", link={"url": "https://example.com/b"})
        self.store("open", partner=other)
        self.run_jobs()
        self.assertEqual(len(self.texts()), 4)
        opened = [text for text in self.texts(other) if "Opened" in text]
        self.assertEqual(len(opened), 1)
        self.assertNotIn("times", opened[0])

    def test_note_that_a_person_has_deleted_stays_away(self):
        self.tell("open")
        self.notes().unlink()
        self.tell("open", NOON + timedelta(minutes=5))
        self.assertEqual(len(self.texts()), 1, "a new one, of the new event")

    def test_everything_from_outside_is_escaped_and_cut(self):
        evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
        self.tell(
            "click",
            campaign={
                "id": "1",
                "name": evil + "n" * 5000,
                "message": {"subject": "2 < 3 & " + "s" * 5000},
                "webcopy_url": "javascript:alert(3)",
            },
            link={"url": "javascript:alert(4)"},
        )
        self.tell("reply", message=evil + "m" * 90_000)
        for text in self.texts():
            for bad in ("<script", "<img", "onerror", "href"):
                self.assertNotIn(bad, text)
            self.assertLess(len(text), 2000)

    def test_only_web_links_can_be_clicked(self):
        bad = ["javascript:x()", "data:text/html,x", "//x", "ftp://x/", "https:///x"]
        for number, url in enumerate([*bad, "https://[x", "http://a\nb", "x" * 3000]):
            self.tell("click", NOON + timedelta(minutes=number), link={"url": url})
        self.assertFalse([text for text in self.texts() if "href" in text])
        self.tell("click", link={"url": 'https://example.com/?a=1&b="<x>'})
        linked = [text for text in self.texts() if "href" in text]
        self.assertEqual(len(linked), 1)
        self.assertIn("https://example.com/?a=1&amp;b=", linked[0])

    def test_muted_kinds_are_counted_but_not_noted(self):
        self.config.timeline_muted_ids = self.env.ref("ac_odoo_connector.kind_open")
        self.commit()
        self.tell("open")
        self.tell("click", link={"url": "https://example.com"})
        self.assertEqual(len(self.texts()), 1)
        self.assertEqual(self.partner.ac_engagement_ids.open_count, 1)

    def test_replay_notes_and_counts_nothing_twice(self):
        self.tell("open")
        self.events().action_replay()
        self.run_jobs()
        self.assertEqual(len(self.texts()), 1)
        self.assertEqual(self.partner.ac_engagement_ids.open_count, 1)

    def test_own_tags_are_not_told_back(self):
        self.partner.category_id = self.env["res.partner.category"].create(
            {"name": "Ours"}
        )
        self.run_jobs()
        ours = {"tag": "Ours", "initiated_from": "api"}
        self.store("contact_tag_added", **ours)
        self.store("contact_tag_added", tag="Other shop's", initiated_from="api")
        self.store("contact_tag_removed", NOON + timedelta(hours=1), **ours)
        self.run_jobs()
        self.assertEqual(self.events().mapped("state"), ["ignored", "done", "done"])
        self.assertEqual(len(self.texts()), 2)

    def test_sent_and_unknown_kinds_are_kept_with_a_reason(self):
        self.store("sent", contact=None, campaign={"id": "1", "recipients": "812"})
        self.store("moon_landing")
        self.run_jobs()
        first, second = self.events()
        self.assertEqual({first.state, second.state}, {"ignored"})
        self.assertIn("812", first.message)
        self.assertIn("unknown", second.message)
        self.assertFalse(self.texts())

    def test_bounces_tell_hard_from_soft(self):
        why = {"description": "mailbox <full>"}
        self.store("bounce", bounce={"type": "soft", **why})
        self.store("bounce", NOON + timedelta(1), bounce={"type": "hard", **why})
        self.run_jobs()
        soft, hard = self.texts()
        self.assertIn("could not be delivered for now", soft)
        self.assertIn("takes no mails", hard)

    def test_all_official_types_have_an_applier(self):
        with self.client() as client:
            official = set(client.webhooks.events())
        self.assertGreater(len(official), 20)
        self.assertLessEqual(official, set(APPLIERS))

    def test_one_bad_event_hurts_no_neighbour(self):
        bad = self.make_partners({"name": "Bad", "email": "bad@example.com"})
        self.run_jobs()
        self.cr.execute(
            "ALTER TABLE ac_engagement ADD CONSTRAINT test_bad "
            "CHECK (partner_id <> %s)",
            (bad.id,),
        )
        self.addCleanup(
            self.env.cr.execute, "ALTER TABLE ac_engagement DROP CONSTRAINT test_bad"
        )
        self.commit()
        self.store("open")
        self.store("open", partner=bad)
        self.store("click", link={"url": "https://example.com"})
        self.run_jobs()
        self.assertEqual(len(self.texts()), 2)
        self.assertEqual(self.partner.ac_engagement_ids.open_count, 1)
        ours = self.events().filtered(lambda e: e.partner_id == self.partner)
        self.assertEqual(ours.mapped("state"), ["done", "done"])
        self.assertFalse([t for t in self.texts(bad) if "Opened" in t])
        self.env["ac.event"].search([]).unlink()
        self.cr.execute("DELETE FROM ac_engagement")

    def test_row_37_each_event_is_one_note_on_the_right_partner(self):
        """User requirement 37: without any mail."""
        other = self.make_partners({"name": "Grace", "email": "grace@example.com"})
        self.run_jobs()
        before = len(self.texts(other))
        mails = self.env["mail.mail"].search_count([])
        for hours, type_ in enumerate(("open", "click", "bounce", "unsubscribe")):
            self.tell(type_, NOON + timedelta(hours=2 * hours), list="1")
            self.assertEqual(len(self.texts()), hours + 1, type_)
        self.assertFalse(self.notes().notification_ids)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(len(self.texts(other)), before)

    def test_notes_of_a_chunk_cost_a_constant_number_of_queries(self):
        people = self.make_partners(
            *({"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(20))
        )
        self.run_jobs()
        few = self.cost_of_flush(people[:2])
        many = self.cost_of_flush(people[2:])
        self.assertLessEqual(many, few + 2)

    def cost_of_flush(self, partners):
        """Return the queries that the notes and counters of an open each take."""
        for partner in partners:
            self.store("open", partner=partner)
        events = self.env["ac.event"].search([("state", "=", "new")])
        for event, partner in zip(events, partners, strict=True):
            said = timeline_words.opened(Told(event))
            timeline.gather(event, partner, said, counts=True)
        self.env.flush_all()
        before = self.cr.sql_log_count
        timeline.flush(self.env)
        self.env.flush_all()
        used = self.cr.sql_log_count - before
        events.unlink()
        self.commit()
        return used
