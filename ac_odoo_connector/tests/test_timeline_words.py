# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In which words notes are written: the account's language, the campaign's name."""

from datetime import timedelta

from odoo.tests import tagged

from ..controllers.webhook import ACTIONS
from ..engine.appliers import APPLIERS
from .test_timeline import NOON, TimelineCase


@tagged("post_install", "-at_install")
class TestTimelineWords(TimelineCase):
    def speak_german(self):
        german = self.env["res.lang"]._activate_lang("de_DE")
        self.config.timeline_lang = "de_DE"
        self.commit()
        return german

    def test_notes_speak_the_language_of_the_account(self):
        self.speak_german()
        self.tell("open")
        self.assertIn("E-Mail geöffnet: <b>News</b>", self.texts()[0])
        self.tell("open", NOON + timedelta(minutes=1))
        self.assertIn("2-mal", self.texts()[0])

    def test_notes_are_english_when_their_language_was_deactivated(self):
        self.speak_german().active = False
        self.commit()
        self.tell("open")
        self.assertEqual(self.events().state, "done")
        self.assertIn("Opened the e-mail", self.texts()[0])

    def test_what_odoo_knows_has_an_address_of_its_own(self):
        self.assertLessEqual(set(APPLIERS), ACTIONS)

    # Campaigns --------------------------------------------------------------------

    def test_a_campaign_is_named_where_an_event_tells_its_number_only(self):
        sent = {"id": "7", "name": "Autumn", "recipients": "9"}
        self.store("sent", contact=None, campaign=sent)
        for hours, type_ in enumerate(("bounce", "reply", "forward", "share")):
            at = NOON + timedelta(hours=hours)
            self.store(type_, at, campaign={"id": "7"})
        self.run_jobs()
        texts = self.texts()
        self.assertEqual([t for t in texts if "<b>Autumn</b>" not in t], [])
        self.assertEqual(len(texts), 4)
        self.assertEqual(self.partner.ac_last_campaign, "Autumn")

    def test_a_campaign_is_named_where_only_opens_have_told_it(self):
        """Mails of automations have no `sent`; this one somebody else has opened."""
        other = self.make_partners({"name": "Grace", "email": "grace@example.com"})
        self.run_jobs()
        self.tell("open", partner=other)
        self.tell("bounce", campaign={"id": "3"}, bounce={"type": "hard"})
        self.assertIn("<b>Spring</b>", self.texts()[0])

    def test_a_number_is_no_name_of_a_campaign(self):
        self.tell("open", NOON)
        words = {
            "reply": "Replied to an e-mail",
            "forward": "Forwarded an e-mail",
            "share": "Shared an e-mail on a network",
            "bounce": "An e-mail could not be delivered for now",
            "click": "Clicked in an e-mail",
        }
        for hours, type_ in enumerate(words, start=1):
            self.tell(type_, NOON + timedelta(hours=hours), campaign={"id": "4"})
        hard = {"campaign": {"id": "4"}, "bounce": {"type": "hard"}}
        self.tell("bounce", NOON + timedelta(hours=9), **hard)
        texts = self.texts()[1:]
        for said, text in zip(words.values(), texts[:-1], strict=True):
            self.assertIn(said, text)
        self.assertIn("An e-mail bounced: the address takes no mails", texts[-1])
        self.assertNotIn("#", "".join(texts))
        self.assertEqual(self.partner.ac_last_campaign, "Spring")

    def test_a_number_is_no_name_of_a_list(self):
        """One that is unknown is filed under its number until it is fetched."""
        self.tell("unsubscribe", list="77")
        (text,) = self.texts()
        self.assertIn("Unsubscribed from a list", text)
        self.assertNotIn("77", text)

    # What people may do to notes --------------------------------------------------

    def test_notes_go_on_without_their_subtype(self):
        subtype = self.env.ref("ac_odoo_connector.mt_engagement")
        known = self.env["ir.model.data"].search(
            [("model", "=", subtype._name), ("res_id", "=", subtype.id)]
        )
        self.addCleanup(self.name_again, known.copy_data()[0])
        known.unlink()
        self.commit()
        self.tell("open")
        self.assertEqual(self.notes().subtype_id, self.env.ref("mail.mt_note"))

    def name_again(self, values):
        self.env["ir.model.data"].create(values)
        self.commit()
