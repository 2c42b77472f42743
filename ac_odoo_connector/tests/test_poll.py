# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Asking for news: every row arrives, once, whatever happens in between."""

from collections import Counter

from odoo import fields
from odoo.tests import tagged

from ..engine import inbox, poll
from .common import ConnectorCase
from .deal_case import DealCase


class PollCase(ConnectorCase):
    def options(self, **values):
        self.simulator.call("POST", "options", **values)

    def poll(self, stream="contacts"):
        """Visit a stream; return its state."""
        self.perform(f"poll_{stream}")
        return self.state(stream)

    def state(self, stream="contacts"):
        return self.env["ac.poll.state"]._of(self.config, stream)

    def events(self, *types):
        domain = [("type", "in", types)] if types else []
        return self.env["ac.event"].search(domain, order="id")

    def requests(self, path):
        calls = self.simulator.calls()
        return [c for c in calls if c["path"] == path and c["method"] == "GET"]

    def act(self, action, **values):
        self.simulator.call("POST", f"actions/{action}", **values)

    def linked(self, count):
        """Partners with a contact each."""
        partners = self.make_partners(
            *({"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(count))
        )
        self.run_jobs()
        self.simulator.forget_log()
        return partners


@tagged("post_install", "-at_install")
class TestPoll(PollCase):
    def test_every_row_arrives_once_in_random_order(self):
        """User requirement 30: equal timestamps over the edges of pages whose rows
        come in another order each time."""
        self.options(listing_order="unstable")
        self.poll()
        cursor = self.state().cursor
        self.simulator.call("POST", "seed", contacts=250)
        state = self.poll()
        heard = Counter(self.events().mapped("remote_contact_id"))
        self.assertEqual(set(heard.values()), {1})
        self.assertEqual({*heard}, {*self.simulator.state()["contacts"]})
        self.assertEqual((state.state, state.position), ("idle", False))
        self.assertGreaterEqual(state.cursor, cursor)
        self.poll()
        self.assertEqual(len(self.events()), 250)

    def test_a_long_pass_goes_on_where_it_stopped(self):
        """Exit on 1,000 results; the cursor moves after the full pass only."""
        self.poll()
        self.simulator.call("POST", "seed", contacts=1050)
        cursor = self.state().cursor
        self.simulator.forget_log()
        state = self.poll()
        self.assertEqual((state.state, state.cursor), ("paused", cursor))
        self.assertEqual(len(self.requests("/api/3/contacts")), 10)
        self.assertEqual(len(self.events()), poll.MAX_RESULTS)
        state = self.poll()
        self.assertEqual(state.state, "idle")
        self.assertGreaterEqual(state.cursor, cursor)
        self.assertEqual(len(self.requests("/api/3/contacts")), 11)
        self.assertEqual(len(set(self.events().mapped("remote_contact_id"))), 1050)

    def test_a_visit_asks_a_hundred_times_at_most(self):
        self.patch(poll, "MAX_REQUESTS", 3)
        self.linked(5)
        state = self.poll("activities")
        self.assertEqual(state.state, "paused")
        self.assertEqual(len(self.requests("/api/3/activities")), 3)
        self.assertEqual(self.poll("activities").state, "idle")
        self.assertEqual(len(self.requests("/api/3/activities")), 5)

    def test_nothing_new_costs_one_request(self):
        self.poll()
        self.simulator.forget_log()
        self.assertEqual(self.poll().state, "idle")
        self.assertEqual(len(self.simulator.calls()), 1)
        self.assertFalse(self.events())

    def test_a_repeated_page_ends_the_pass_without_the_cursor(self):
        self.poll()
        cursor = self.state().cursor
        self.simulator.call("POST", "seed", contacts=150)
        self.options(listing_pages=False)
        state = self.poll()
        self.assertEqual((state.state, state.cursor), ("failed", cursor))
        self.assertIn("same page twice", state.message)
        self.options(listing_pages=True)
        state = self.poll()
        self.assertEqual((state.state, state.message), ("idle", False))
        self.assertEqual(len(set(self.events().mapped("remote_contact_id"))), 150)

    def test_an_outage_in_the_middle_loses_nothing(self):
        self.poll()
        self.simulator.call("POST", "seed", contacts=250)
        self.patch(poll, "MAX_RESULTS", 100)
        self.poll()
        position = self.state().position
        self.simulator.faults({"kind": "status", "status": 403, "path": "contacts"})
        state = self.poll()
        self.assertEqual((state.state, state.position), ("failed", position))
        self.assertTrue(state.message)
        self.simulator.call("DELETE", "faults")
        self.patch(poll, "MAX_RESULTS", 1000)
        self.assertEqual(self.poll().state, "idle")
        heard = Counter(self.events().mapped("remote_contact_id"))
        self.assertEqual((len(heard), set(heard.values())), (250, {1}))

    def test_starting_over(self):
        self.patch(poll, "MAX_RESULTS", 100)
        self.poll()
        self.simulator.call("POST", "seed", contacts=150)
        self.assertTrue(self.poll().position)
        self.state().action_start_over()
        self.assertFalse(self.state().position)
        self.patch(poll, "MAX_RESULTS", 1000)
        self.run_jobs()
        self.assertEqual(self.state().state, "idle")
        self.assertEqual(len(self.events()), 150)

    def test_a_change_reaches_the_partner(self):
        partner = self.linked(1)
        self.poll()
        self.act("edit", email="p0@example.com", firstName="Ada", lastName="King")
        self.poll()
        self.run_jobs()
        self.assertEqual(partner.name, "Ada King")
        self.assertEqual(self.simulator.writes(), [])

    def test_an_unsubscribe_is_a_withdrawal(self):
        partner = self.linked(1)
        self.perform("metadata")
        self.act("subscribe", email="p0@example.com")
        self.poll("lists")
        self.assertFalse(self.events("unsubscribe"))
        self.act("unsubscribe", email="p0@example.com", reason="Too many")
        self.poll("lists")
        self.run_jobs()
        consent = self.env["ac.consent"].search([("partner_id", "=", partner.id)])
        self.assertEqual(
            (consent.state, consent.source), ("withdrawn", "activecampaign")
        )
        self.assertEqual(consent.text, "Too many")
        self.simulator.forget_log()
        self.poll("lists")
        self.assertEqual(len(self.events("unsubscribe")), 1)
        self.assertFalse(
            [c for c in self.simulator.calls() if "contactLists" in c["path"]]
        )

    def test_a_bounce_is_an_event(self):
        self.linked(1)
        self.perform("metadata")
        self.act("subscribe", email="p0@example.com")
        self.act("bounce", email="p0@example.com")
        self.poll("lists")
        event = self.events("bounce")
        self.assertEqual(event.payload["bounce"], {"type": "hard"})

    def test_opens_and_clicks_are_found_once(self):
        partner = self.linked(1)
        self.poll("activities")
        self.act("open", email="p0@example.com")
        self.act("click", email="p0@example.com", url="https://example.com/offer")
        self.poll("activities")
        self.poll("activities")
        self.perform("inbox")
        self.assertEqual(self.events("open", "click").mapped("type"), ["open", "click"])
        click = self.events("click")
        self.assertEqual(click.partner_id, partner)
        self.assertEqual(click.payload["link"], {"url": "https://example.com/offer"})
        self.assertTrue(click.payload["campaign"]["name"])

    def test_activities_without_campaigns_are_events_all_the_same(self):
        self.options(activity_campaigns=False)
        self.linked(1)
        self.act("open", email="p0@example.com")
        self.poll("activities")
        self.assertEqual(len(self.events("open")), 1)

    def test_what_a_webhook_has_told_is_not_found_again(self):
        partner = self.linked(1)
        self.act("open", email="p0@example.com")
        (activity,) = [
            a
            for a in self.simulator.state()["activities"].values()
            if a["reference_action"] == "open"
        ]
        payload = {
            "type": "open",
            "date_time": activity["tstamp"],
            "contact": {"id": self.binding(partner).remote_id},
        }
        inbox.store(self.env, self.config, payload)
        self.poll("activities")
        self.assertEqual(len(self.events("open")), 1)

    def test_a_webhook_tells_of_one_click_not_of_the_next(self):
        """A scanner of mails opens all links at once; one of the webhooks was lost."""
        self.linked(1)
        urls = [f"https://example.com/{number}" for number in range(3)]
        for url in urls:
            self.act("click", email="p0@example.com", url=url)
        rows = self.simulator.state()["activities"].values()
        done = [row for row in rows if row["reference_action"] == "click"]
        clicks = [
            {
                "type": "click",
                "date_time": row["tstamp"],
                "contact": {"id": str(row["subscriberid"])},
                "link": {"url": url},
            }
            for row, url in zip(done, urls, strict=True)
        ]
        for click in clicks[:2]:
            inbox.store(self.env, self.config, click)
        for _time in range(2):
            self.poll("activities")
        told = [event.payload["link"]["url"] for event in self.events("click")]
        self.assertEqual(sorted(told), urls)

    # When ---------------------------------------------------------------------------

    def jobs(self):
        self.commit()
        self.cr.execute("SELECT method_name FROM queue_job WHERE state = 'pending'")
        return {name for (name,) in self.cr.fetchall() if "poll" in name}

    def test_a_list_that_says_no_total_is_read_to_its_end(self):
        self.options(activity_total=False)
        self.linked(1)
        self.poll("activities")
        for _number in range(105):
            self.act("open", email="p0@example.com")
        self.simulator.forget_log()
        state = self.poll("activities")
        self.assertEqual(state.state, "idle")
        self.assertGreaterEqual(len(self.requests("/api/3/activities")), 3)

    def test_without_a_webhook_odoo_asks(self):
        self.assertFalse(self.config.ac_webhook_id)
        self.config._cron_poll()
        self.assertTrue(self.jobs())

    def test_by_default_only_where_webhooks_cannot_come(self):
        self.config.ac_webhook_id = "1"
        self.config._cron_poll()
        self.assertFalse(self.jobs())
        self.config.webhook_problem = "It was deleted."
        self.config._cron_poll()
        self.assertEqual(
            self.jobs(),
            {"_job_poll_contacts", "_job_poll_lists", "_job_poll_activities"},
        )

    def test_always_and_never(self):
        self.config.poll_mode = "always"
        self.env["ac.poll.state"]._set_up(self.config, "activities").enabled = False
        self.config._cron_poll()
        self.assertEqual(self.jobs(), {"_job_poll_contacts", "_job_poll_lists"})
        self.cr.execute("DELETE FROM queue_job")
        self.config.write({"poll_mode": "off", "webhook_problem": "It was deleted."})
        self.config._cron_poll()
        self.assertFalse(self.jobs())

    def test_the_first_visit_begins_with_now(self):
        self.simulator.call("POST", "clock", offset=-86400)
        self.simulator.call("POST", "seed", contacts=5)
        self.simulator.call("POST", "clock", offset=0)
        before = fields.Datetime.now()
        state = self.poll()
        self.assertFalse(self.events())
        self.assertGreaterEqual(state.cursor, before)


@tagged("post_install", "-at_install")
class TestPollDeals(PollCase, DealCase):
    def test_every_moved_deal_is_heard_once_in_random_order(self):
        """User requirement 30, of a list that has no ids to walk by."""
        orders = self.orders(130)
        self.run_jobs()
        self.poll("deals")
        self.assertFalse(self.events("deal_update"))
        with self.client() as client:
            stages = {str(d["stage"]) for d in self.deals()}
            target = self.env["ac.metadata"].search(
                [("config_id", "=", self.config.id), ("name", "=", "Follow Up")]
            )
            for stage in stages:
                client.stages.move_deals(stage, target.remote_id)
        self.options(listing_order="unstable")
        state = self.poll("deals")
        self.assertEqual(state.state, "idle")
        heard = Counter(e.payload["deal"]["id"] for e in self.events("deal_update"))
        self.assertEqual((len(heard), set(heard.values())), (len(orders), {1}))
        self.run_jobs()
        self.assertEqual(set(self.events("deal_update").mapped("state")), {"done"})
        self.assertEqual(len(self.state("deals").position or ()), 0)

    def test_our_own_pushes_are_no_news(self):
        self.order()
        self.run_jobs()
        self.poll("deals")
        self.assertFalse(self.events("deal_update"))
