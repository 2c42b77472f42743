# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What lists of events say: words of the timeline instead of technical types."""

from odoo.tests import new_test_user, tagged

from ..engine import event_words
from ..engine.appliers import APPLIERS
from .test_timeline import TimelineCase

GROUP = "ac_odoo_connector.group_user"


@tagged("post_install", "-at_install")
class TestEventWords(TimelineCase):
    def seen(self, type_, **values):
        """Store an event; return what a user sees of it."""
        self.store(type_, **values)
        event = self.events()[-1]
        return event.happening, event.campaign or ""

    def test_every_type_that_is_applied_has_words(self):
        self.assertEqual(event_words.NOTED.keys() | event_words.UNNOTED, set(APPLIERS))
        self.assertFalse(event_words.NOTED.keys() & event_words.UNNOTED)

    def test_what_happened_to_which_campaign(self):
        self.assertEqual(self.seen("open"), ("Opened the e-mail News", "Spring"))
        autumn = {"id": "7", "name": "Autumn"}
        self.assertEqual(
            self.seen("sent", campaign=autumn),
            ("The campaign Autumn was sent", "Autumn"),
        )
        self.assertEqual(
            self.seen("reply", campaign={"id": "7"}),
            ("Replied to the e-mail Autumn", "Autumn"),
        )
        mail = {"id": "8", "message": {"subject": "Ten <b>ideas</b> & more"}}
        self.assertEqual(
            self.seen("click", campaign=mail),
            ("Clicked in the e-mail Ten ideas & more", "Ten ideas & more"),
        )
        self.assertEqual(
            self.seen("deal_update", campaign=None, deal={"title": "Engine"}),
            ("The deal Engine was changed in ActiveCampaign", ""),
        )
        self.assertEqual(self.seen("update")[0], "Was changed in ActiveCampaign")

    def test_a_type_that_nobody_knows_is_named(self):
        self.assertEqual(self.seen("moon_landing", campaign=None), ("moon_landing", ""))

    def test_what_happened_is_told_without_the_content_that_was_dropped(self):
        for type_ in APPLIERS:
            self.store(type_, campaign={"id": "7"})
        events = self.events()
        self.cr.execute("UPDATE ac_event SET payload = NULL, payload_dropped = TRUE")
        self.commit()
        self.env.invalidate_all()
        left = events.filtered(lambda event: event.type == "unsubscribe")
        self.assertEqual(left.happening, "Unsubscribed")
        for event in events:
            self.assertNotEqual(event.happening, event.type)
            self.assertNotRegex(event.happening, r"[#:?]|\s$", event.type)

    def test_odd_content_hides_no_event(self):
        self.store("subscribe")
        self.store("open")
        self.cr.execute("UPDATE ac_event SET payload = '[1]' WHERE type = 'subscribe'")
        self.commit()
        self.env.invalidate_all()
        self.assertEqual(
            self.events().mapped("happening"), ["subscribe", "Opened the e-mail News"]
        )

    def test_users_see_the_words_in_their_language_and_not_the_content(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.tell("open")
        user = new_test_user(self.env, "sees.events", groups=f"base.group_user,{GROUP}")
        event = self.events().with_user(user)
        (row,) = event.with_context(lang="de_DE").read(["happening", "display_name"])
        self.assertEqual(row["happening"], "E-Mail geöffnet: News")
        self.assertEqual(row["display_name"], "E-Mail geöffnet: News")
        self.assertEqual(event.with_context(lang="en_US").campaign, "Spring")
        self.assertNotIn("payload", event.fields_get())

    def test_a_page_of_events_costs_as_many_queries_as_one(self):
        for number in range(20):
            self.store("reply", campaign={"id": str(number)})
            self.store("unsubscribe", list=str(number + 1))
        events = self.events()
        one = self.queries(events[:2])
        self.assertLessEqual(self.queries(events), one)

    def queries(self, events):
        self.commit()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        events.web_read({name: {} for name in ("happening", "campaign", "state")})
        return self.cr.sql_log_count - before
