# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What neither webhook nor poll has told is found, and mended in its direction."""

import os

from odoo import sql_db
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..engine import reconcile
from .consent_case import ConsentCase
from .deal_case import DealCase


class ReconcileCase(ConsentCase):
    def reconcile(self, **deal_with):
        """Compare both sides and let everything arrive; return the reconciliation."""
        self.commit()
        self.config.action_reconcile()
        self.run_jobs()
        return self.last()

    def last(self):
        self.env.invalidate_all()
        return self.env["ac.reconciliation"].search([], limit=1)

    def linked(self, *names):
        partners = self.make_partners(
            *(
                {"name": n, "email": f"{n.split()[0].lower()}@example.com"}
                for n in names
            )
        )
        self.run_jobs()
        self.simulator.forget_log()
        return partners

    def act(self, action, **values):
        self.simulator.call("POST", f"actions/{action}", **values)

    def edit(self, email, **values):
        self.act("edit", email=email, **values)

    def contact(self, email):
        return self.simulator.contacts()[email]

    def status(self, email):
        contact = self.contact(email)
        rows = self.simulator.state()["contactLists"].values()
        (row,) = [
            r
            for r in rows
            if str(r["contact"]) == str(contact["id"])
            and str(r["list"]) == str(self.other_id)
        ]
        return row["status"]

    def long_ago(self):
        """Let what is gone over there have been told long before."""
        there = self.simulator.state()
        held = {("contact", id_) for id_ in there["contacts"]}
        held |= {("deal", id_) for id_ in there["deals"]}
        links = self.env["ac.binding"].search([("config_id", "=", self.config.id)])
        gone = links.filtered(lambda link: (link.object, link.remote_id) not in held)
        gone.synced_at = "2020-01-01"

    def later(self):
        """Let what happens over there be later than what Odoo has sent."""
        self.simulator.call("POST", "clock", offset=60)


@tagged("post_install", "-at_install")
class TestReconcile(ReconcileCase):
    def test_two_equal_sides_cost_their_pages_and_nothing_more(self):
        self.linked("Ada Love", "Bob Hope")
        record = self.reconcile()
        self.assertEqual((record.state, record.position), ("done", False))
        self.assertFalse(record.counts)
        self.assertEqual(record.looked_at, 2)
        self.assertFalse(self.env["ac.event"].search([]))
        self.assertEqual(self.simulator.writes(), [])

    def test_an_edit_over_there_arrives(self):
        ada = self.linked("Ada Love")
        self.later()
        self.edit("ada@example.com", lastName="King", phone="2")
        record = self.reconcile()
        self.assertEqual((ada.name, ada.phone), ("Ada King", "2"))
        self.assertEqual(record.counts, {"contact_changed": 1})
        self.assertEqual((record.stored, record.told), (1, 0))
        line = record.line_ids
        self.assertEqual((line.record_name, line.done), (ada.display_name, "stored"))
        self.assertEqual(self.simulator.writes(), [])
        self.assertFalse(self.reconcile().counts)

    def test_a_field_that_the_list_does_not_show_is_a_reason_to_read(self):
        self.linked("Ada Love")
        with self.client() as client:
            field = client.fields.create({"title": "Shoe size", "type": "text"}).id
        self.simulator.call("POST", "options", contacts_include=False)
        self.later()
        self.edit("ada@example.com", fields={field: "44"})
        self.assertEqual(self.reconcile().counts, {"contact_changed": 1})
        self.assertFalse(self.reconcile().counts)

    def test_what_was_emptied_over_there_is_told_again(self):
        ada = self.linked("Ada Love")
        ada.phone = "1"
        self.run_jobs()
        self.edit("ada@example.com", phone="")
        record = self.reconcile()
        self.assertEqual(record.counts, {"contact_untold": 1})
        self.assertEqual(self.contact("ada@example.com")["phone"], "1")
        self.assertEqual(ada.phone, "1")

    def test_a_change_in_odoo_that_nobody_marked_is_told(self):
        ada = self.linked("Ada Love")
        self.cr.execute("UPDATE res_partner SET phone = '7' WHERE id = %s", ada.ids)
        self.env.invalidate_all()
        record = self.reconcile()
        self.assertEqual(record.counts, {"contact_untold": 1})
        self.assertEqual(self.contact("ada@example.com")["phone"], "7")

    def test_both_sides_have_changed(self):
        ada = self.linked("Ada Love")
        tag = self.env["res.partner.category"].create({"name": "Old Customer"})
        self.commit()
        self.cr.execute(
            "INSERT INTO res_partner_res_partner_category_rel (category_id, partner_id) "
            "VALUES (%s, %s)",
            (tag.id, ada.id),
        )
        self.env.invalidate_all()
        self.later()
        self.edit("ada@example.com", phone="2")
        self.reconcile()
        self.assertEqual(ada.phone, "2")
        contact = self.contact("ada@example.com")
        self.assertEqual((contact["phone"], contact["tags"]), ("2", ["Old Customer"]))

    def test_an_unsubscribe_is_a_withdrawal(self):
        ada, bob = self.linked("Ada Love", "Bob Hope")
        for email in ("ada@example.com", "bob@example.com"):
            self.act("subscribe", email=email, list=self.other_id)
        self.act("unsubscribe", email="ada@example.com", list=self.other_id)
        record = self.reconcile()
        consents = self.env["ac.consent"].search([("state", "=", "withdrawn")])
        self.assertEqual(consents.partner_id, ada)
        self.assertEqual(consents.list_id, self.other)
        self.assertEqual(record.counts["list_left"], 1)
        self.assertNotIn("list_left", self.reconcile().counts or {})

    def test_who_has_said_no_here_is_taken_off_again(self):
        ada = self.linked("Ada Love")
        self.act("subscribe", email="ada@example.com", list=self.other_id)
        self.say(ada, "withdrawn", self.other)
        self.run_jobs()
        self.act("subscribe", email="ada@example.com", list=self.other_id)
        self.assertEqual(self.status("ada@example.com"), "1")
        record = self.reconcile()
        self.assertEqual(record.counts["list_joined"], 1)
        self.reconcile()
        self.assertEqual(self.status("ada@example.com"), "2")

    def test_a_deleted_contact_is_only_reported(self):
        ada, bob = self.linked("Ada Love", "Bob Hope")
        self.act("delete", email="ada@example.com")
        self.long_ago()
        record = self.reconcile()
        self.assertEqual(record.counts, {"contact_deleted": 1})
        self.assertEqual(record.line_ids.record_name, ada.display_name)
        self.assertEqual(set(self.simulator.contacts()), {"bob@example.com"})

    def test_a_deleted_contact_is_made_again_by_policy(self):
        self.config.reconcile_deleted = "again"
        ada = self.linked("Ada Love")
        self.act("delete", email="ada@example.com")
        self.long_ago()
        self.reconcile()
        contact = self.contact("ada@example.com")
        self.assertEqual(self.binding(ada).remote_id, str(contact["id"]))

    def test_old_contacts_that_are_unknown_here_are_only_counted(self):
        self.simulator.call("POST", "clock", offset=-86400)
        self.simulator.call("POST", "seed", contacts=150)
        self.simulator.call("POST", "clock", offset=0)
        record = self.reconcile()
        self.assertEqual(record.counts, {"contact_unknown": 150})
        self.assertEqual((record.stored, record.reported), (0, 150))
        self.assertEqual(len(record.line_ids), 100)
        self.assertFalse(self.env["ac.event"].search([]))

    def test_a_new_contact_is_an_event_once(self):
        self.later()
        self.simulator.call("POST", "seed", contacts=1)
        self.assertEqual(self.reconcile().counts["contact_new"], 1)
        event = self.env["ac.event"].search([])
        self.assertEqual((event.type, event.payload["list"]), ("subscribe", "0"))
        self.reconcile()
        self.assertEqual(len(self.env["ac.event"].search([])), 1)

    def test_a_refused_request_leaves_the_place_where_it_goes_on(self):
        self.linked("Ada Love", "Bob Hope")
        self.config.action_reconcile()
        self.simulator.faults(
            {"kind": "drop", "path": "/contacts$", "times": 10, "method": "GET"}
        )
        self.assertIn("could not be reached", self.postponed("reconcile"))
        self.assertEqual(
            (self.last().state, self.last().phase), ("running", "contacts")
        )
        self.simulator.call("DELETE", "faults")
        self.assertEqual(self.reconcile().state, "done")
        self.assertEqual(len(self.env["ac.reconciliation"].search([])), 1)

    def test_a_list_that_repeats_its_pages_is_given_up(self):
        self.simulator.call("POST", "seed", contacts=150)
        self.simulator.call("POST", "options", listing_pages=False)
        record = self.reconcile()
        self.assertEqual(record.state, "failed")
        self.assertIn("same page twice", record.message)

    def test_stopping(self):
        self.config.action_reconcile()
        self.last().action_stop()
        self.commit()
        self.perform("reconcile")
        self.assertEqual((self.last().state, self.last().looked_at), ("stopped", 0))

    def test_by_night(self):
        self.config._cron_reconcile()
        self.run_jobs()
        self.assertEqual(self.last().state, "done")
        self.config.reconcile_nightly = False
        self.config._cron_reconcile()
        self.assertEqual(len(self.env["ac.reconciliation"].search([])), 1)

    def test_a_page_costs_the_same_queries_however_full(self):
        costs = []
        for count in (10, 80):
            start = count * 100
            self.linked(*(f"P{n} Q" for n in range(start, start + count)))
            self.env["ac.reconciliation"]._start(self.config)
            self.commit()
            with self.client() as client:
                before = sql_db.sql_counter
                reconcile.step(self.config, client)
                costs.append(sql_db.sql_counter - before)
            self.last().action_stop()
        self.assertEqual(costs[0], costs[1])

    def test_roles(self):
        record = self.env["ac.reconciliation"]._start(self.config)
        self.commit()
        user = new_test_user(
            self.env,
            f"watcher{os.getpid()}",
            "base.group_user,ac_odoo_connector.group_user",
        )
        self.assertTrue(record.with_user(user).summary)
        for button in ("action_reconcile", "action_poll"):
            with self.assertRaises(AccessError):
                getattr(self.config.with_user(user), button)()
        with self.assertRaises(AccessError):
            record.with_user(user).action_stop()
        self.cr.rollback()


@tagged("post_install", "-at_install")
class TestReconcileDeals(DealCase, ReconcileCase):
    def stage_named(self, name):
        stages = self.simulator.state()["dealStages"]
        return next(id_ for id_, s in stages.items() if s["title"] == name)

    def test_a_moved_deal_is_noted_on_its_order(self):
        order = self.order()
        self.run_jobs()
        self.assertFalse(self.reconcile().counts)
        deal = self.deal()["id"]
        self.act("deal_update", deal=deal, stage=self.stage_named("Follow Up"))
        self.simulator.forget_log()
        record = self.reconcile()
        self.assertEqual(record.counts, {"deal_moved": 1})
        notes = "".join(str(body) for body in order.message_ids.mapped("body"))
        self.assertIn("Follow Up", notes)
        self.assertEqual(self.simulator.writes(), [])
        self.assertFalse(self.reconcile().counts)

    def test_a_clock_that_was_put_back_hides_no_move(self):
        order = self.order()
        self.run_jobs()
        deal = self.deal()["id"]
        for offset, stage in ((0, "Follow Up"), (-600, "To Contact")):
            self.simulator.call("POST", "clock", offset=offset)
            self.act("deal_update", deal=deal, stage=self.stage_named(stage))
            self.assertEqual(self.reconcile().counts, {"deal_moved": 1})
            place = self.link(order)._deal_place()
            self.assertEqual(place["stage"], self.stage_named(stage))
        self.assertFalse(self.reconcile().counts)

    def test_what_odoo_has_moved_was_moved_by_nobody_else(self):
        order = self.order()
        self.run_jobs()
        self.act(
            "deal_update", deal=self.deal()["id"], stage=self.stage_named("Follow Up")
        )
        self.reconcile()
        notes = len(order.message_ids)
        for button in (order.action_confirm, order.action_cancel, order.action_draft):
            button()
            self.run_jobs()
            self.assertFalse(self.reconcile().counts)
        moved = "moved in ActiveCampaign"
        new = order.message_ids[: len(order.message_ids) - notes]
        self.assertFalse([m for m in new if moved in str(m.body)])

    def test_a_move_of_a_deal_without_a_told_stage_is_found(self):
        order = self.order()
        order.action_confirm()
        self.run_jobs()
        self.assertEqual(self.link(order).sent["at"], [self.pipeline, "", 1])
        self.assertFalse(self.reconcile().counts)
        self.act(
            "deal_update", deal=self.deal()["id"], stage=self.stage_named("Follow Up")
        )
        self.assertEqual(self.reconcile().counts, {"deal_moved": 1})
        notes = "".join(str(body) for body in order.message_ids.mapped("body"))
        self.assertIn("Follow Up", notes)

    def test_title_and_value_are_odoos(self):
        order = self.order()
        self.run_jobs()
        title = self.deal()["title"]
        self.act("deal_update", deal=self.deal()["id"], title="Mine", value=1)
        record = self.reconcile()
        self.assertEqual(record.counts, {"deal_untold": 1})
        self.assertEqual(self.deal()["title"], title)
        self.assertEqual(int(self.deal()["value"]), round(100 * order.amount_total))

    def test_a_deleted_deal_is_reported(self):
        order = self.order()
        self.run_jobs()
        with self.client() as client:
            client.deals.delete(self.deal()["id"])
        self.long_ago()
        record = self.reconcile()
        self.assertEqual(record.counts, {"deal_deleted": 1})
        self.assertEqual(record.line_ids.record_name, order.display_name)
        self.assertEqual(self.deals(), [])
