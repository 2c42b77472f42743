# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Events of ActiveCampaign: stored once, applied once, without an echo."""

from odoo.tests import tagged

from ..engine import inbox
from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestInbox(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.partner = self.make_partners(
            {"name": "Ada Lovelace", "email": "ada@example.com", "phone": "1"}
        )
        self.run_jobs()
        self.simulator.forget_log()

    def let_time_pass(self):
        """Let the next tries of failed events be due."""
        self.cr.execute("UPDATE ac_event SET next_try_at = '2020-01-01'")
        self.commit()

    def event(self, type_, of=None, **values):
        contact = {"id": self.binding(of or self.partner).remote_id}
        payload = {
            "type": type_,
            "date_time": "2026-07-17T22:01:25-05:00",
            "contact": contact,
            **values,
        }
        new = inbox.store(self.env, self.config, payload)
        self.commit()
        return new

    def campaign(self):
        return {"name": "Spring", "message": {"subject": "2 < 3 & welcome"}}

    def notes(self):
        return [str(body) for body in self.partner.message_ids.mapped("body")]

    def test_open_and_click_are_silent_notes(self):
        followers = self.partner.message_partner_ids
        self.event("open", campaign=self.campaign())
        self.event(
            "click",
            campaign=self.campaign(),
            link={"url": 'https://example.com/?a=1&b="<script>'},
        )
        self.run_jobs()
        texts = "\n".join(self.notes())
        self.assertIn("Opened the e-mail <b>2 &lt; 3 &amp; welcome</b>", texts)
        self.assertIn("Clicked in the e-mail", texts)
        self.assertNotIn("<script>", texts)
        self.assertEqual(self.partner.message_partner_ids, followers)
        self.assertFalse(self.partner.message_ids.notified_partner_ids)
        event = self.env["ac.event"].search([], limit=1)
        self.assertEqual(event.partner_id, self.partner)
        self.assertEqual(str(event.occurred_at), "2026-07-18 03:01:25")

    def test_repeated_delivery_is_one_event(self):
        self.assertTrue(self.event("open", campaign=self.campaign()))
        self.assertFalse(self.event("open", campaign=self.campaign()))
        self.run_jobs()
        self.assertEqual(len([n for n in self.notes() if "Opened" in n]), 1)

    def test_update_reads_the_contact_again_and_does_not_echo(self):
        with self.client() as client:
            client.contacts.update(
                self.binding(self.partner).remote_id, {"lastName": "King", "phone": "2"}
            )
        self.simulator.forget_log()
        self.event("update")
        self.run_jobs()
        self.assertEqual((self.partner.name, self.partner.phone), ("Ada King", "2"))
        self.assertEqual(self.binding(self.partner).state, "synced")
        self.assertEqual(self.simulator.writes(), [])

    def test_update_never_blanks_what_is_known(self):
        with self.client() as client:
            client.contacts.update(self.binding(self.partner).remote_id, {"phone": ""})
        self.event("update")
        self.run_jobs()
        self.assertEqual(self.partner.phone, "1")

    def test_update_of_a_partner_changed_meanwhile_does_not_hide_the_change(self):
        with self.client() as client:
            client.contacts.update(
                self.binding(self.partner).remote_id, {"lastName": "King"}
            )
        tag = self.env["res.partner.category"].create({"name": "New Tag"})
        self.partner.category_id = tag
        self.event("update")
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(contact["tags"], ["New Tag"])

    def test_new_list_over_there_is_known_here(self):
        with self.client() as client:
            client.lists.create({"name": "Fresh list", "stringid": "fresh"})
        self.event("list_add", contact={})
        self.run_jobs()
        names = self.env["ac.metadata"].search([("kind", "=", "list")]).mapped("name")
        self.assertIn("Fresh list", names)

    def test_unknown_contact_and_unknown_event_are_kept(self):
        self.event("open", contact={"id": "4711"})
        self.event("moon_landing")
        self.run_jobs()
        events = self.env["ac.event"].search([])
        self.assertEqual(set(events.mapped("state")), {"ignored", "waiting"})
        self.assertTrue(all(events.mapped("message")))

    def test_unreachable_account_keeps_the_event_for_later(self):
        self.event("update")
        self.simulator.faults({"kind": "drop", "path": "contacts/", "times": 5})
        self.assertIn("could not be reached", self.postponed("inbox"))
        event = self.env["ac.event"].search([])
        self.assertEqual((event.state, event.tries), ("new", 0))
        self.perform("inbox")
        self.assertEqual(event.state, "done")

    def test_failed_event_hurts_no_other_and_can_be_replayed(self):
        self.cr.execute(
            "ALTER TABLE res_partner ADD CONSTRAINT test_no_king CHECK (name <> 'Ada King')"
        )
        self.addCleanup(
            self.env.cr.execute, "ALTER TABLE res_partner DROP CONSTRAINT test_no_king"
        )
        self.commit()
        with self.client() as client:
            client.contacts.update(
                self.binding(self.partner).remote_id, {"lastName": "King"}
            )
        other = self.make_partners({"name": "Bob", "email": "bob@example.com"})
        self.run_jobs()
        self.event("update")
        self.event("open", campaign=self.campaign(), of=other)
        for _try in range(inbox.MAX_TRIES):
            self.perform("inbox")
            self.let_time_pass()
        states = dict(
            self.env["ac.event"].search([]).mapped(lambda e: (e.type, e.state))
        )
        self.assertEqual(states, {"update": "dead", "open": "done"})
        self.cr.execute("ALTER TABLE res_partner DROP CONSTRAINT test_no_king")
        self.cr.execute(
            "ALTER TABLE res_partner ADD CONSTRAINT test_no_king CHECK (TRUE)"
        )
        self.commit()
        self.env["ac.event"].search([("state", "=", "dead")]).action_replay()
        self.run_jobs()
        self.assertEqual(self.partner.name, "Ada King")
