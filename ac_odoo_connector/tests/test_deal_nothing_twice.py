# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No order has two deals, whatever dies in between; errors are readable."""

import uuid

from odoo.tests import tagged

from ..engine import deal_push, gateway, outbox, push
from ..engine.transaction import transaction
from ..mapping.registry import OBJECTS
from .deal_case import DealCase

SILENCE = {
    "kind": "accept_timeout",
    "seconds": 0.02,
    "method": "POST",
    "path": "/api/3/deals$",
}


@tagged("post_install", "-at_install")
class TestDealNothingTwice(DealCase):
    LIMITS = {"request": (1000, 0.01), "import": (100, 1)}

    def die_after_sending(self, order):
        """Send an order's deal as a worker does that never settles; let its lease end."""
        self.commit()
        row, token = OBJECTS["deal"], uuid.uuid4().hex
        with transaction(self.env) as env:
            claimed = outbox.claim(env, self.config, row, token)
            plans, outcomes = push.prepare(env, self.config, row, claimed)
            outbox.settle(env, token, outcomes)
        with gateway.open_client(self.config) as client:
            for plan in plans:
                deal_push.deliver(self.config, client, plan)
        self.commit()
        self.cr.execute("UPDATE ac_binding SET claimed_until = '2020-01-01'")
        self.assertFalse(any(self.link(order).mapped("remote_id")))

    def sent_contact(self, order):
        """Send the order's contact, so that only the deal is left."""
        self.config.sync_deals = False
        self.perform("push")
        self.config.sync_deals = True
        order._ac_mark()
        self.commit()

    def dead(self, **values):
        order = self.order(**values)
        self.sent_contact(order)
        self.die_after_sending(order)
        return order

    def test_the_next_worker_adopts(self):
        order = self.dead()
        self.perform("push")
        self.assertEqual(self.link(order).remote_id, str(self.deal()["id"]))
        self.assertEqual(self.link(order).state, "synced")

    def test_it_adopts_by_the_title_that_was_announced(self):
        order = self.dead()
        self.config.deal_title = "New {{ object.name }}"
        self.perform("push")
        self.assertEqual(self.deal()["title"], f"New {order.name}")

    def test_it_adopts_with_changed_values(self):
        order = self.dead()
        order.order_line.price_unit = 7
        order.action_confirm()
        self.perform("push")
        self.assertEqual(int(self.deal()["value"]), 1400)
        self.assertEqual(int(self.deal()["status"]), 1)

    def test_silence_on_500_orders(self):
        """User requirement 31: accepted, but the answer never comes."""
        orders = self.orders(500)
        self.sent_contact(orders)
        self.simulator.faults({**SILENCE, "probability": 0.3})
        while self.link(orders).filtered(lambda b: b.state != "synced"):
            self.perform("push")
        self.assertEqual(len(self.deals()), 500)
        ids = set(self.link(orders).mapped("remote_id"))
        self.assertEqual(ids, {str(deal["id"]) for deal in self.deals()})

    def test_a_request_that_got_lost_delays_nobody_else(self):
        orders = self.orders(3)
        self.sent_contact(orders)
        self.simulator.faults({**SILENCE, "kind": "drop", "times": 1})
        self.perform("push")
        states = self.link(orders).mapped("state")
        self.assertEqual(sorted(states), ["failed", "synced", "synced"])
        self.cr.execute("UPDATE ac_binding SET next_try_at = now()")
        self.perform("push")
        self.assertEqual(len(self.deals()), 3)

    def test_new_deals_cost_one_request_each(self):
        orders = self.orders(60)
        self.sent_contact(orders)
        self.simulator.forget_log()
        self.perform("push")
        self.assertEqual(len(self.deals()), 60)
        self.assertLessEqual(len(self.simulator.calls()), 63)

    def test_an_unusual_answer_is_looked_up(self):
        """User requirement 12."""
        for kind in ("empty", "truncate"):
            self.simulator.faults({**SILENCE, "kind": kind, "times": 1})
            order = self.order(self.partner(kind))
            self.perform("push")
            self.assertEqual(self.link(order).state, "synced")
        self.assertEqual(len(self.deals()), 2)

    def test_another_deal_of_that_title_is_left_alone(self):
        order = self.order()
        self.sent_contact(order)
        other = self.client().contacts.create({"email": "bob@example.com"}).id
        deal = {"title": order.name, "value": 1, "currency": "usd", "owner": 1}
        self.client().deals.create({**deal, "contact": other, "group": self.pipeline})
        self.cr.execute("UPDATE ac_binding SET intended_at = now()")
        self.perform("push")
        self.assertEqual([int(d["value"]) for d in self.deals()], [1, 10000])

    def test_orders_of_one_title_do_not_share_a_deal(self):
        self.config.deal_title = "Order"
        self.config.action_create_deal_fields()
        orders = self.orders(5)
        self.sent_contact(orders)
        self.die_after_sending(orders)
        made = {self.fields_of(d)["Odoo Order"]: str(d["id"]) for d in self.deals()}
        for order in orders[::-1]:  # not the way they were made
            self.cr.execute(
                "UPDATE ac_binding SET claimed_until = now() AT TIME ZONE 'UTC' + "
                "CASE res_id WHEN %s THEN -1 ELSE 1 END * INTERVAL '1 hour' "
                "WHERE object = 'deal' AND remote_id IS NULL",
                (order.id,),
            )
            self.perform("push")
            self.assertEqual(self.link(order).remote_id, made[order.name])
        self.assertEqual(len(self.deals()), 5)

    def test_a_deal_deleted_over_there_is_made_again(self):
        order = self.order()
        self.perform("push")
        self.client().deals.delete(self.deal()["id"])
        order.order_line.price_unit = 7
        self.perform("push")
        self.assertEqual(int(self.deal()["value"]), 1400)
        self.assertEqual(self.link(order).remote_id, str(self.deal()["id"]))

    def test_a_refusal_leaves_nothing_to_look_for(self):
        order = self.order()
        self.sent_contact(order)
        self.simulator.faults({**SILENCE, "kind": "status", "status": 422, "times": 1})
        self.perform("push")
        self.assertEqual(self.link(order).state, "failed")
        self.assertFalse(self.link(order).intended_at)
        self.simulator.forget_log()
        self.retry_failed()
        self.assertEqual(len(self.simulator.calls()), 1)

    # Notes ------------------------------------------------------------------------

    def notes(self):
        return [note["note"] for note in self.simulator.state()["notes"].values()]

    def test_one_note_is_rewritten(self):
        self.config.deal_note = True
        order = self.order()
        self.perform("push")
        order.order_line.price_unit = 7
        self.perform("push")
        (note,) = self.notes()
        self.assertIn("Engine | 2 | 7.00 |  | 14.00", note)

    def test_notes_do_not_pile_up_when_answers_are_lost(self):
        self.config.deal_note = True
        self.simulator.faults({**SILENCE, "path": "/notes$", "times": 1})
        order = self.order()
        self.perform("push")
        self.assertEqual(len(self.notes()), 1)
        self.assertEqual(self.link(order).state, "synced")

    def test_the_next_worker_finds_the_note(self):
        self.config.deal_note = True
        self.dead()
        self.perform("push")
        self.assertEqual((len(self.deals()), len(self.notes())), (1, 1))

    def test_a_refused_note_keeps_the_link(self):
        self.config.deal_note = True
        fault = {"kind": "status", "status": 422, "path": "/notes$", "times": 1}
        self.simulator.faults(fault)
        order = self.order()
        self.perform("push")
        self.assertEqual(self.link(order).state, "failed")
        self.assertEqual(self.link(order).remote_id, str(self.deal()["id"]))
        self.retry_failed()
        self.assertEqual(self.link(order).state, "synced")
        self.assertEqual(len(self.notes()), 1)

    def test_a_deleted_note_is_written_again(self):
        self.config.deal_note = True
        order = self.order()
        self.perform("push")
        (note,) = self.simulator.state()["notes"].values()
        self.client().notes.delete(note["id"])
        order.order_line.price_unit = 7
        self.perform("push")
        self.assertEqual(len(self.notes()), 1)

    # Errors -----------------------------------------------------------------------

    def test_a_rejected_owner(self):
        entries = self.env["ac.metadata"]
        entries._store(self.config, "user", [{"id": 99, "username": "x"}])
        self.config.default_owner_id = entries._entries(self.config, "user")
        order = self.order()
        self.perform("push")
        link = self.link(order)
        self.assertEqual(link.state, "failed")
        self.assertIn("owner mapping", link.message)

    def test_a_deleted_stage(self):
        order = self.order()
        self.perform("push")
        order._action_cancel()
        self.perform("push")
        self.client().stages.delete(self.proposal)
        order.action_draft()
        self.perform("push")
        link = self.link(order)
        self.assertEqual(link.state, "failed")
        self.assertIn("stage mapping", link.message)

    def test_a_deleted_contact_is_made_again(self):
        order = self.order()
        self.perform("push")
        contact = self.simulator.contacts()["ada@example.com"]["id"]
        self.client().contacts.delete(contact)
        order.order_line.price_unit = 7
        self.perform("push")
        self.assertIn("contact was deleted", self.link(order).message)
        self.retry_failed()
        self.retry_failed()
        link = self.link(order)
        self.assertEqual(link.state, "synced", link.message)
        new = self.simulator.contacts()["ada@example.com"]["id"]
        self.assertEqual(str(self.deal()["contact"]), str(new))
