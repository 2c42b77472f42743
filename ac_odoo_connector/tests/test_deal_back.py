# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A deal that is moved in ActiveCampaign, and its order."""

import json

from odoo.tests import tagged

from ..engine import outbox
from ..engine.outbox import Outcome
from ..engine.transaction import transaction
from ..engine.webhook_setup import EVENTS
from .stage_case import DEAL, StageCase


@tagged("post_install", "-at_install")
class TestDealBack(StageCase):
    def setUp(self):
        super().setUp()
        self.line("draft", stage="To Contact", sequence=1)
        self.quotation = self.order()
        self.linked(self.quotation)

    def test_the_webhook_tells_of_deals(self):
        self.assertLessEqual({"deal_add", "deal_update"}, set(EVENTS))

    def test_a_move_is_a_silent_note(self):
        followers = self.quotation.message_partner_ids
        event = self.moved(self.quotation, "Follow Up")
        (note,) = self.notes(self.quotation)
        self.assertIn("moved in ActiveCampaign by admin", note)
        self.assertIn("Sales › To Contact (Open) → Sales › Follow Up (Open)", note)
        self.assertEqual((event.state, event.partner_id), ("done", self.partner))
        self.assertEqual(self.quotation.message_partner_ids, followers)
        self.assertFalse(self.quotation.message_ids.notified_partner_ids)
        self.assertEqual(self.quotation.state, "draft")

    def test_what_comes_from_outside_is_escaped(self):
        deal = {
            "id": self.deal(self.quotation).remote_id,
            "pipelineid": "1",
            "pipeline_title": "<script>alert(1)</script>",
            "stageid": self.stage_id("Follow Up"),
            "status": "0",
        }
        self.moved(self.quotation, deal=deal)
        self.assertNotIn("<script>", "".join(self.notes(self.quotation)))

    def test_nothing_is_sent_back(self):
        self.moved(self.quotation, "Follow Up")
        self.quotation._ac_mark(["deal"])
        self.perform("push")
        self.assertEqual(self.simulator.writes(), [])
        self.assertEqual(self.deal(self.quotation).state, "synced")

    def test_the_value_of_a_webhook_is_in_units(self):
        self.moved(self.quotation, "Follow Up")
        link = self.deal(self.quotation)
        self.assertEqual(link.sent["amount"], [123450, "eur"])
        self.assertEqual(self.quotation.ac_deal_value, "1,234.50 EUR")
        self.assertEqual(self.quotation.ac_deal_stage, "Sales › Follow Up")
        self.assertEqual(link.told_status, "0")

    def test_a_won_deal_confirms_where_the_line_says_so(self):
        self.line("sale", status="1", when_moved="confirm", sequence=1)
        event = self.moved(self.quotation, "Follow Up", status="1")
        self.assertEqual(self.quotation.state, "sale")
        self.assertIn("The quotation was confirmed.", self.notes(self.quotation)[-1])
        self.assertFalse(event.message)
        self.perform("push")
        self.assertEqual(self.simulator.writes(), [])
        self.moved(self.quotation, "Follow Up", status="1", by="api")
        self.assertEqual(len(self.notes(self.quotation)), 1)

    def test_without_the_line_it_is_only_noted(self):
        self.moved(self.quotation, "Follow Up", status="1")
        self.assertEqual(self.quotation.state, "draft")
        self.assertEqual(len(self.notes(self.quotation)), 1)

    def test_a_lost_deal_cancels_where_the_line_says_so(self):
        self.line("cancel", status="2", when_moved="cancel", sequence=1)
        self.quotation.action_confirm()
        self.commit()
        self.in_step(self.quotation)
        self.moved(self.quotation, "Follow Up", status="2")
        self.assertEqual(self.quotation.state, "cancel")
        self.perform("push")
        self.assertEqual(self.simulator.writes(), [])

    def test_odoos_refusal_is_told_on_both_sides(self):
        self.line("cancel", status="2", when_moved="cancel", sequence=1)
        self.quotation.action_confirm()
        self.quotation.action_lock()
        self.commit()
        self.in_step(self.quotation)
        event = self.moved(self.quotation, "Follow Up", status="2")
        self.assertEqual(self.quotation.state, "sale")
        self.assertEqual(event.state, "done")
        self.assertIn("cannot cancel a locked order", event.message)
        self.assertIn("cannot cancel a locked order", self.notes(self.quotation)[-1])

    def test_our_own_push_comes_back_without_a_note(self):
        event = self.moved(self.quotation, "To Contact", by="api")
        self.assertEqual(event.state, "ignored")
        self.quotation.action_confirm()
        self.commit()  # told later: an older push comes back meanwhile
        self.moved(self.quotation, "In Contact", by="api", list="0")
        self.assertFalse(self.notes(self.quotation))

    def test_another_program_moves_a_deal(self):
        self.moved(self.quotation, "Follow Up", by="api")
        self.assertEqual(len(self.notes(self.quotation)), 1)

    def test_a_message_that_comes_late_changes_nothing(self):
        self.moved(self.quotation, "Follow Up")
        early = "2026-07-17T21:01:25-05:00"
        event = self.moved(self.quotation, "In Contact", date_time=early)
        self.assertEqual(event.state, "ignored")
        self.assertEqual(len(self.notes(self.quotation)), 1)

    def test_a_move_is_not_forgotten_when_a_push_settles(self):
        self.quotation._ac_mark(["deal"])
        self.commit()
        link = self.deal(self.quotation)
        before = link.sent
        with transaction(self.env) as env:
            claimed = outbox.claim(env, self.config, DEAL, "slow")
            self.assertIn(link.id, claimed.ids)
        self.moved(self.quotation, "Follow Up")
        told = Outcome(link.id, "synced", sent=json.dumps(before))
        with transaction(self.env) as env:
            outbox.settle(env, "slow", [told])
        link = self.deal(self.quotation)
        self.assertEqual(link._deal_place()["stage"], self.stage_id("Follow Up"))

    def test_a_deal_without_an_order_is_left_alone(self):
        event = self.moved(self.quotation, deal={"id": "4711"})
        self.assertEqual(event.state, "ignored")
        self.assertIn("No order is linked", event.message)

    def test_a_deal_without_numbers_does_no_harm(self):
        deal = {"id": self.deal(self.quotation).remote_id, "value_raw": "NaN"}
        self.moved(self.quotation, deal={**deal, "status": "²", "stageid": "x"})
        self.assertEqual(self.quotation.state, "draft")

    def test_the_order_is_handled_in_its_company(self):
        company = self.company("Second Company")
        self.line("sale", status="1", when_moved="confirm", sequence=1)
        other = self.order(company_id=company.id)
        self.linked(other)
        self.moved(other, "Follow Up", status="1")
        self.assertEqual((other.state, other.company_id), ("sale", company))
