# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What becomes of hostile webhooks and contacts that were taken in: text, never more.

The bodies that are not taken in at all: tests/test_webhook_hostile.py.
"""

from datetime import timedelta
from unittest.mock import patch

from lxml import html
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..controllers.webhook import Webhook
from ..engine import deal_place, drain, gateway, reread
from ..engine.appliers import APPLIERS
from ..engine.guard import Refusal
from .inbox_case import InboxCase

SCRIPT = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'/><svg/onload=alert(3)>"
    "<a href='javascript:alert(4)'>x</a>&lt;script&gt;{{7*7}}\u202e\r\nBcc: b@example.com"
)
LINK = "javascript:alert(5)//https://example.com"
NAMES = ("campaign", "link", "tag", "note", "sms", "task", "share", "form", "bounce")
NAMES += ("message", "unsubscribe", "deal", "account", "list", "seriesid", "contact")
LEAVES = ("name", "subject", "text", "title", "comment", "reply", "network", "content")
LEAVES += ("code", "description", "reason", "pipeline_title", "stage_title", "duedate")
ACTIVE = {"src", "srcset", "style", "action", "formaction", "data", "xlink:href"}
HARMLESS = {"p", "i", "b", "span", "a", "div"}


@tagged("post_install", "-at_install")
class TestHostile(InboxCase):
    def hostile(self):
        """Return a payload whose every text is hostile, for any type of event."""
        texts = dict.fromkeys(LEAVES, SCRIPT)
        node = {
            **texts,
            "id": "1",
            "url": LINK,
            "webcopy_url": LINK,
            "message": texts,
            "value_raw": "1e999999999",
            "status": "9" * 5000,
            "type": "hard",
        }
        contact = {"id": self.binding(self.ada).remote_id, "first_name": SCRIPT}
        return dict.fromkeys(NAMES, node) | {"contact": contact, "list": {"0": node}}

    def notes(self):
        found = [("model", "=", "res.partner"), ("res_id", "=", self.ada.id)]
        return [str(n.body) for n in self.env["mail.message"].search(found) if n.body]

    def assertHarmless(self, body):
        """No element, attribute or link but those that notes are made of."""
        for element in html.fragments_fromstring(f"<div>{body}</div>")[0].iter():
            self.assertIn(element.tag, HARMLESS)
            self.assertLessEqual(
                set(element.attrib), {"class", "href", "target", "rel"}
            )
            if "href" in element.attrib:
                self.assertRegex(element.get("href"), "^https?://")

    # What events say --------------------------------------------------------------

    def test_nothing_that_an_event_says_becomes_html(self):
        for second, type_ in enumerate(APPLIERS):
            payload = self.hostile()
            for name in ("tag", "note", "message"):  # some tell it as a text
                payload = {**payload, name: SCRIPT} if second % 2 else payload
            self.tell(type_, second=second, **payload)
        self.run_jobs()
        events = self.env["ac.event"].search([])
        self.assertEqual(len(events), len(APPLIERS))
        self.assertLessEqual(
            set(events.mapped("state")), {"done", "ignored", "waiting"}
        )
        self.assertGreater(len(self.notes()), 10)
        for body in self.notes():
            self.assertHarmless(body)

    def test_the_content_of_an_event_is_shown_as_text(self):
        event = self.tell("open", self.ada, campaign={"id": "1", "name": SCRIPT})
        self.run_jobs()
        field = self.env["ac.event"]._fields["payload_text"]
        self.assertEqual(field.type, "text")
        self.assertIn("<script>", event.payload_text)
        views = self.env["ir.ui.view"].search([("model", "=like", "ac.%")])
        self.assertTrue(views)
        self.assertFalse(views.filtered(lambda v: 'widget="html"' in v.arch_db))

    def test_huge_numbers_of_a_deal_are_none(self):
        event = self.tell("deal_update", deal={"id": "1", "value_raw": "1e999999999"})
        self.assertIsNone(deal_place.of_event(event)["amount"])
        event = self.tell("deal_add", deal={"id": "1", "status": "9" * 5000})
        self.assertEqual(deal_place.of_event(event)["status"], 0)

    # What contacts say ------------------------------------------------------------

    def test_a_hostile_name_is_one_line_of_text(self):
        tags = SCRIPT.partition("<a ")[0]  # half a tag is text, like 1 <a
        self.edit(self.ada, firstName=tags, lastName="Love\r\nBcc: x\x1b[2J")
        self.tell("update", self.ada)
        self.run_jobs()
        self.assertNotEqual(self.ada.name, "Ada Lovelace")
        self.assertTrue(self.ada.name.endswith("Love Bcc: x [2J"))
        self.assertFalse(set("\r\n\x1b").intersection(self.ada.name))
        self.assertNotRegex(self.ada.name, "<[a-z]")

    def test_nul_in_a_contact_stops_nobody(self):
        """What polling has read is kept beside its event."""
        self.edit(self.ada, firstName="A\0da", lastName="King")
        with self.client() as client:
            known = reread.contact(client, self.binding(self.ada).remote_id)
        self.tell("update", self.ada, source="poll", known=known)
        self.run_jobs()
        self.assertNotEqual(self.ada.name, "Ada Lovelace")
        self.assertTrue(self.ada.name.endswith("King"))

    # What is said again -----------------------------------------------------------

    def ago(self, days):
        moment = fields.Datetime.now() - timedelta(days=days)
        return f"{moment.isoformat(timespec='seconds')}+00:00"

    def test_what_may_be_a_repetition_is_not_applied(self):
        self.config.event_days = 365
        old, young = (
            self.opened(self.ada, date_time=self.ago(days)) for days in (366, 364)
        )
        polled = self.opened(self.bob, date_time=self.ago(366), source="poll")
        self.run_jobs()
        events = old + young + polled
        self.assertEqual(events.mapped("state"), ["ignored", "done", "done"])
        self.assertIn("perhaps a repetition", old.message)
        old.action_replay()
        self.run_jobs()
        self.assertEqual(old.state, "ignored")

    def test_a_no_is_heard_however_old(self):
        self.config.event_days = 365
        for type_ in sorted(drain.NEVER_TOO_OLD):
            event = self.tell(type_, self.ada, date_time=self.ago(1000), list="1")
            self.run_jobs()
            self.assertEqual(event.state, "done", type_)

    def test_one_event_twice_is_one(self):
        first = self.opened(self.ada)
        self.run_jobs()
        self.assertTrue(first)
        self.assertFalse(self.opened(self.ada))

    # How it comes -----------------------------------------------------------------

    def test_nothing_is_unpacked(self):
        check = Webhook()._check_plain
        check(self.request())
        check(self.request(headers={"Content-Encoding": "identity"}))
        for refused in (
            self.request(headers={"Content-Encoding": "gzip"}),
            self.request(headers={"Content-Encoding": "identity, gzip"}),
            self.request(content_type="multipart/form-data; boundary=x"),
            self.request(content_type="MULTIPART/mixed"),
        ):
            with self.assertRaises(Refusal) as caught:
                check(refused)
            self.assertEqual(caught.exception.status, 400)

    def request(self, **values):
        form = {"content_type": "application/x-www-form-urlencoded"}
        return Request(
            EnvironBuilder(method="POST", **{**form, **values}).get_environ()
        )

    # Where we go ------------------------------------------------------------------

    def test_this_machine_is_a_matter_of_the_server(self):
        """No field, no system parameter: who may change these is not on the machine."""
        self.env["ir.config_parameter"].set_param(
            "ac_odoo_connector.allow_localhost", 1
        )
        self.config.test_connection()
        self.simulator.forget_log()
        with patch.object(gateway, "server_options", return_value={}):
            self.assertFalse(gateway.localhost_allowed())
            with self.assertRaisesRegex(UserError, "https://"):
                self.config.test_connection()
        self.assertEqual(self.simulator.calls(), [])
