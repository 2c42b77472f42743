# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Order, tries, leases: events of one contact are applied in the order they came."""

from datetime import datetime, timedelta, timezone

from odoo import sql_db
from odoo.tests import tagged

from ..activecampaign import RetryPolicy
from ..engine import drain, inbox, reread
from ..engine.transaction import transaction
from .inbox_case import InboxCase

NO_KING = "name <> 'Ada King'"


@tagged("post_install", "-at_install")
class TestInboxOrder(InboxCase):
    def states(self, *events):
        self.commit()
        self.env.invalidate_all()
        return [event.state for event in events]

    # Each event once ----------------------------------------------------------------

    def test_the_same_open_by_webhook_and_poll_is_one_event(self):
        first = self.opened(self.ada)
        again = self.opened(self.ada, source="poll")
        self.assertTrue(first)
        self.assertFalse(again)
        self.assertEqual(first.source, "webhook")

    def test_a_delivery_from_elsewhere_or_in_another_order_is_the_same(self):
        self.assertTrue(self.tell("update", self.ada, tags="a", **{"User-Agent": "x"}))
        self.assertFalse(self.tell("update", self.ada, **{"User-Agent": "y"}, tags="a"))

    def test_two_opens_at_different_seconds_are_two_events(self):
        events = self.opened(self.ada, 1) + self.opened(self.ada, 2)
        self.assertEqual(len(events), 2)

    # Order ----------------------------------------------------------------------------

    def test_what_follows_a_failed_event_of_its_contact_waits(self):
        allow = self.forbid("res_partner", NO_KING)
        self.edit(self.ada, lastName="King")
        failing = self.tell("update", self.ada)
        later = self.opened(self.ada, 5)
        other = self.opened(self.bob, 5)
        self.perform("inbox")
        self.assertEqual(self.states(failing, later, other), ["failed", "new", "done"])
        self.assertEqual((failing.tries, later.tries), (1, 0))
        self.perform("inbox")  # before the next try is due
        self.assertEqual(self.states(failing, later), ["failed", "new"])
        allow()
        self.let_time_pass()
        self.perform("inbox")
        self.assertEqual(self.states(failing, later), ["done", "done"])
        self.assertEqual(self.ada.name, "Ada King")

    def test_tries_come_later_and_later_and_end(self):
        self.forbid("res_partner", NO_KING)
        self.edit(self.ada, lastName="King")
        event = self.tell("update", self.ada)
        waits = []
        for _try in range(inbox.MAX_TRIES - 1):
            self.perform("inbox")
            self.assertEqual(event.state, "failed")
            waits.append((event.next_try_at - event.write_date).total_seconds())
            self.let_time_pass()
        self.perform("inbox")
        self.assertEqual((event.state, event.next_try_at), ("dead", False))
        self.assertEqual([round(wait) for wait in waits], [15, 60, 240, 960])
        self.assertIn("The database refused the change", event.message)
        later = self.opened(self.ada, 5)
        self.perform("inbox")
        self.assertEqual(self.states(later), ["done"])

    def test_the_cron_sees_a_try_that_is_due(self):
        self.forbid("res_partner", NO_KING)
        self.edit(self.ada, lastName="King")
        self.tell("update", self.ada)
        self.perform("inbox")
        due = self.env["ac.binding"]._jobs_due
        self.assertNotIn("inbox", due(self.config))
        self.let_time_pass()
        self.assertIn("inbox", due(self.config))

    def test_an_older_subscription_that_arrives_late_is_ignored(self):
        new = self.tell("subscribe", self.ada, 9, list="1")
        old = self.tell("subscribe", self.ada, 3, list="1")
        self.run_jobs()
        self.assertEqual(self.states(new, old), ["done", "ignored"])
        self.assertIn("later event", old.message)
        older = self.tell("subscribe", self.ada, 1, list="1")
        other = self.tell("subscribe", self.bob, 1, list="1")
        self.run_jobs()
        self.assertEqual(self.states(older, other), ["ignored", "done"])

    def test_a_clock_that_was_put_back_silences_no_change(self):
        self.tell("update", self.ada, 9)
        self.run_jobs()
        self.edit(self.ada, phone="2")
        event = self.tell("update", self.ada, 3)
        self.run_jobs()
        self.assertEqual((self.states(event), self.ada.phone), (["done"], "2"))

    def test_what_was_read_before_a_change_was_applied_is_read_again(self):
        with self.client() as client:
            known = client.contacts.get(self.binding(self.ada).remote_id).record
        known["read_at"] = reread.now()
        self.edit(self.ada, phone="2")
        self.tell("update", self.ada, 1)
        self.run_jobs()
        self.tell("update", self.ada, 2, source="poll", known=known)
        self.run_jobs()
        self.assertEqual(self.ada.phone, "2")

    def test_every_open_counts_however_late(self):
        events = self.opened(self.ada, 9) + self.opened(self.ada, 3)
        self.run_jobs()
        self.assertEqual(self.states(*events), ["done", "done"])

    def test_a_withdrawal_is_never_too_late(self):
        self.tell("subscribe", self.ada, 9, list="1")
        late = self.tell("unsubscribe", self.ada, 3, list="1")
        self.run_jobs()
        self.assertNotIn("later event", late.message or "")

    # Leases -----------------------------------------------------------------------------

    def claimed(self, token):
        with transaction(self.env) as env:
            return inbox.claim(env, self.config, token)

    def test_events_of_a_dead_worker_are_taken_again(self):
        event = self.opened(self.ada)
        self.assertEqual(self.claimed("dead"), event.ids)
        self.perform("inbox")
        self.assertEqual(self.states(event), ["applying"])
        self.let_time_pass()
        self.perform("inbox")
        self.assertEqual((self.states(event), event.tries), (["done"], 0))

    def test_a_worker_slower_than_its_lease_applies_nothing(self):
        event = self.opened(self.ada)
        self.claimed("slow")
        self.let_time_pass()
        self.assertEqual(self.claimed("quick"), event.ids)
        with transaction(self.env) as env:
            self.assertFalse(inbox.locked(env, "slow"))
            self.assertEqual(inbox.locked(env, "quick").ids, event.ids)

    def test_two_workers_never_have_events_of_one_contact(self):
        first, second = self.opened(self.ada, 1), self.opened(self.bob, 1)
        with transaction(self.env) as env:
            inbox.claim(env, self.config, "one", limit=1)
        third = self.opened(self.ada, 2)
        self.assertEqual(self.claimed("two"), second.ids)
        self.assertEqual(self.states(first, third), ["applying", "new"])

    def test_what_needs_no_reading_goes_on_when_the_account_is_away(self):
        update, later = self.tell("update", self.ada, 1), self.opened(self.ada, 2)
        other = self.opened(self.bob, 3)
        self.simulator.faults({"kind": "drop", "path": "contacts", "times": 5})
        self.postponed("inbox")
        self.assertEqual(self.states(update, later, other), ["new", "new", "done"])
        self.perform("inbox")
        self.assertEqual(self.states(update, later), ["done", "done"])
        self.assertEqual((update + later).mapped("tries"), [0, 0])

    # Contacts that cannot be read -------------------------------------------------------

    def refuse(self, status, *partners):
        """Have the account refuse to tell contacts, one by one as well."""
        self.patch(drain, "PATIENCE", RetryPolicy(attempts=1))
        self.simulator.call("POST", "options", contacts_include=False)
        ids = "|".join(self.binding(partner).remote_id for partner in partners)
        path = f"contacts/({ids})$"
        self.simulator.faults({"kind": "status", "status": status, "path": path})

    def test_a_contact_that_cannot_be_read_holds_up_no_other(self):
        cleo = self.make_partners({"name": "Cleo", "email": "cleo@example.com"})
        self.run_jobs()
        self.edit(cleo, phone="2")
        self.refuse(501, self.ada)
        self.refuse(403, self.bob)
        broken, later = self.tell("update", self.ada, 1), self.opened(self.ada, 2)
        forbidden = self.tell("update", self.bob, 3)
        odd = self.tell("update", None, 4, contact={"id": ".."})
        good = self.tell("update", cleo, 5)
        self.perform("inbox")
        self.assertEqual(
            self.states(broken, later, forbidden, odd, good),
            ["failed", "new", "failed", "ignored", "done"],
        )
        self.assertEqual((broken.tries, later.tries, cleo.phone), (1, 0, "2"))
        self.assertIn("has a problem", broken.message)
        self.assertIn("API key", forbidden.message)
        self.assertFalse(self.config.problem)
        self.simulator.call("DELETE", "faults")
        self.let_time_pass()
        self.perform("inbox")
        self.assertEqual(self.states(broken, later, forbidden), ["done"] * 3)

    def test_the_only_contact_fails_while_the_account_answers(self):
        self.refuse(501, self.ada)
        event = self.tell("update", self.ada)
        self.perform("inbox")
        self.assertEqual((self.states(event), event.tries), (["failed"], 1))

    def test_an_account_in_trouble_costs_no_event_a_try(self):
        event = self.tell("update", self.ada)
        self.simulator.faults({"kind": "status", "status": 501, "path": ""})
        self.postponed("inbox")
        self.assertEqual((self.states(event), event.tries), (["new"], 0))

    def test_a_key_without_rights_is_reported_and_costs_no_try(self):
        self.refuse(403, self.ada, self.bob)
        events = self.tell("update", self.ada, 1) + self.tell("update", self.bob, 2)
        other = self.tell("moon_landing", second=3)
        self.perform("inbox")
        self.assertEqual(self.states(*events, other), ["new", "new", "ignored"])
        self.assertEqual(events.mapped("tries"), [0, 0])
        self.assertIn("API key", self.config.problem)

    def test_reading_for_too_long_goes_on_in_the_next_chunk(self):
        self.patch(reread, "SECONDS", -1)
        events = self.tell("update", self.ada, 1) + self.tell("update", self.bob, 2)
        self.assertTrue(drain.apply_chunk(self.config))
        self.assertEqual(sorted(self.states(*events)), ["done", "new"])
        self.assertFalse(drain.apply_chunk(self.config))
        self.assertEqual(self.states(*events), ["done", "done"])
        self.assertEqual(events.mapped("tries"), [0, 0])

    def test_a_contact_that_its_page_lacks_is_not_taken_for_deleted(self):
        for partner in (self.ada, self.bob):
            self.edit(partner, phone="2")
        events = self.tell("update", self.ada, 1) + self.tell("update", self.bob, 2)
        self.simulator.call("POST", "options", contacts_list_lacks=1)
        self.perform("inbox")
        self.assertEqual(self.states(*events), ["done", "done"])
        self.assertEqual((self.ada.phone, self.bob.phone), ("2", "2"))

    def test_a_page_that_cannot_be_read_is_read_one_by_one(self):
        events = self.tell("update", self.ada, 1) + self.tell("update", self.bob, 2)
        rule = {"kind": "status", "status": 501, "path": "contacts$"}
        self.simulator.faults(rule)
        self.perform("inbox")
        self.assertEqual(self.states(*events), ["done", "done"])

    def test_an_empty_answer_is_no_contact(self):
        event = self.tell("update", self.ada)
        rule = {"kind": "empty", "path": r"contacts/\d+$", "times": 1}
        self.simulator.faults(rule)
        self.perform("inbox")
        self.assertEqual(
            (self.states(event), self.ada.name), (["done"], "Ada Lovelace")
        )

    def test_a_moment_of_the_future_silences_nothing_that_comes_later(self):
        future = "2199-01-01T00:00:00+00:00"
        odd = self.tell("update", self.ada, date_time=future)
        self.run_jobs()
        self.edit(self.ada, phone="2")
        now = (datetime.now(timezone.utc) + timedelta(seconds=2)).isoformat()
        event = self.tell("update", self.ada, date_time=now)
        self.run_jobs()
        self.assertEqual((self.states(odd, event), self.ada.phone), (["done"] * 2, "2"))
        self.assertFalse(self.tell("update", self.ada, date_time=future), "the same")

    # Cost -------------------------------------------------------------------------------

    def queries(self, count, second):
        """Return the SQL queries of applying `count` events that change nothing."""
        for number in range(count):
            self.tell("moon_landing", (self.ada, self.bob)[number % 2], second + number)
        self.commit()
        before = sql_db.sql_counter
        self.perform("inbox")
        cost = sql_db.sql_counter - before
        self.assertFalse(self.env["ac.event"].search([("state", "=", "new")]))
        return cost

    def test_queries_do_not_grow_with_the_events(self):
        self.queries(2, 0)  # what is cached from now on
        self.assertEqual(self.queries(30, 100), self.queries(3, 200))

    def test_a_contact_just_polled_is_not_read_again(self):
        self.edit(self.ada, phone="2")
        with self.client() as client:
            known = client.contacts.get(self.binding(self.ada).remote_id).record
        self.simulator.forget_log()
        event = self.tell("update", self.ada, source="poll", known=known)
        self.perform("inbox")
        self.assertEqual((self.states(event), self.ada.phone), (["done"], "2"))
        self.assertEqual(self.simulator.calls(), [])
        self.assertFalse(event.known)

    def test_what_was_polled_before_a_later_change_is_read_again(self):
        with self.client() as client:
            known = client.contacts.get(self.binding(self.ada).remote_id).record
        self.tell("update", self.ada, 1, source="poll", known=known)
        self.edit(self.ada, phone="2")
        self.tell("update", self.ada, 2)
        self.perform("inbox")
        self.assertEqual(self.ada.phone, "2")
