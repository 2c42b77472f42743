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

    def test_a_number_is_no_name_of_a_campaign(self):
        self.tell("open", NOON)
        self.tell("reply", NOON + timedelta(hours=1), campaign={"id": "3"})
        self.assertIn("<b>#3</b>", self.texts()[1])
        self.assertEqual(self.partner.ac_last_campaign, "Spring")

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
