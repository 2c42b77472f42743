# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is on which list: only those who said yes, never those who said no.

What ends with `over_there` needs an engine that sends lists.
"""

from datetime import datetime, timedelta

from odoo.tests import tagged

from ..engine import inbox
from .consent_case import ConsentCase


@tagged("post_install", "-at_install")
class TestConsent(ConsentCase):
    # requirement 4: nobody without consent is subscribed ---------------------------

    def test_row_4_without_consent_nobody_is_put_on_a_list(self):
        people = self.make_partners(
            *[{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(3)]
        )
        self.assertEqual(self.lists_of(people), {p.id: {} for p in people})

    def test_row_4_without_consent_nobody_is_subscribed_over_there(self):
        people = self.make_partners(
            *[{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(12)]
        )
        self.run_jobs()  # in bulk
        single = self.person("Single")
        self.run_jobs()
        for partner in people | single:
            self.assertFalse(self.over_there(partner))

    def test_row_4_neither_an_order_nor_a_retry_subscribes_over_there(self):
        partner = self.person()
        path = {"path": "contact/sync", "times": 1}
        self.simulator.faults({"kind": "status", "status": 422, **path})
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "failed")
        self.retry_failed()
        order = self.env["sale.order"].create({"partner_id": partner.id})
        self.addCleanup(self.forget_orders, order)
        order.action_confirm()
        self.run_jobs()
        self.env["ac.sync.run"]._start(self.config)
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "synced")
        self.assertFalse(self.over_there(partner))

    def test_row_4_with_consent_subscribed_over_there(self):
        partner = self.person()
        self.say(partner, "granted")
        self.run_jobs()
        self.assertEqual(str(self.over_there(partner)), "1")

    def test_general_consent_counts_for_wanted_lists_only(self):
        partner = self.person()
        self.say(partner, "granted")
        self.assertEqual(self.lists_of(partner)[partner.id], {self.news_id: 1})

    def test_consent_to_a_list_by_name_is_also_a_wish(self):
        partner = self.person()
        self.say(partner, "granted", self.other)
        self.assertEqual(self.lists_of(partner)[partner.id], {self.other_id: 1})

    def test_lists_of_tags_and_of_audience_rules(self):
        tag = self.env["res.partner.category"].create(
            {"name": "Tagged", "ac_list_ids": [(6, 0, self.other.ids)]}
        )
        partner = self.person(category_id=[(6, 0, tag.ids)])
        by_rule = self.person("Bob")
        self.say(partner | by_rule, "granted")
        lists = self.lists_of(partner | by_rule, more={by_rule.id: {"99"}})
        self.assertEqual(lists[partner.id], {self.news_id: 1, self.other_id: 1})
        self.assertEqual(lists[by_rule.id], {self.news_id: 1, "99": 1})

    def test_modes_without_lists(self):
        yes, no = self.person("Yes"), self.person("No")
        self.say(yes, "granted")
        self.say(no, "withdrawn")
        self.config.consent_mode = "no_list"
        self.assertEqual((self.status(yes), self.status(no)), (None, 2))
        self.config.consent_mode = "existing"
        self.assertEqual((self.status(yes), self.status(no)), (1, 2))

    def test_list_that_is_gone_over_there_is_not_wanted(self):
        partner = self.person()
        self.say(partner, "granted")
        self.news.active = False
        self.assertIsNone(self.status(partner))

    # requirement 5: who has unsubscribed stays so -----------------------------------

    def test_row_5_blacklisted_is_unsubscribed_whatever_the_log_says(self):
        partner = self.person()
        self.say(partner, "granted")
        self.run_jobs()
        self.blacklist("ADA@example.com")
        self.assertTrue(self.marked(partner))
        self.assertEqual(self.status(partner), 2)
        self.run_jobs()
        self.env["mail.blacklist"]._remove("ada@example.com")
        self.assertTrue(self.marked(partner))
        self.assertEqual(self.status(partner), 1)

    def test_row_5_withdrawal_reaches_lists_that_are_no_longer_wanted(self):
        partner = self.person()
        self.say(partner, "granted")
        self.tell(partner, {self.news_id: 1})
        self.config.list_ids = False
        self.assertIsNone(self.status(partner), "left alone")
        self.say(partner, "withdrawn")
        self.assertEqual(self.status(partner), 2)

    def test_row_5_forced_resync_resubscribes_nobody_over_there(self):
        partner, blacklisted = self.person(), self.person("Bob")
        self.say(partner | blacklisted, "granted")
        self.run_jobs()
        self.simulator.call(
            "POST", "actions/unsubscribe", email=partner.email, list=int(self.news_id)
        )
        self.blacklist(blacklisted.email)
        self.cr.execute("UPDATE ac_binding SET fingerprint = NULL")
        (partner | blacklisted)._ac_mark()
        self.run_jobs()
        for person in partner | blacklisted:
            self.assertEqual(str(self.over_there(person)), "2")

    def test_row_5_event_of_activecampaign_is_a_withdrawal(self):
        partner = self.person()
        self.say(partner, "granted")
        self.tell(partner, {self.news_id: 1, self.other_id: 1})
        self.unsubscribe(partner, list=self.news_id)
        entry = partner.ac_consent_ids[:1]
        self.assertEqual((entry.state, entry.list_id), ("withdrawn", self.news))
        self.assertEqual(entry.source, "activecampaign")
        self.assertEqual(self.status(partner), 2)
        sent = self.binding(partner).sent["lists"]
        self.assertEqual(sent, {self.news_id: 2, self.other_id: 1}, "no echo")

    def unsubscribe(self, partner, moment=None, **payload):
        """Have AC say that a contact has unsubscribed; return the event."""
        moment = moment or datetime.utcnow() - timedelta(seconds=1)
        payload = {
            "type": "unsubscribe",
            "date_time": f"{moment.isoformat(timespec='seconds')}+00:00",
            "contact": {
                "id": self.binding(partner).remote_id or "0",
                "email": partner.email,
            },
            **payload,
        }
        self.cr.execute("UPDATE ac_consent SET date = date - INTERVAL '1 day'")
        inbox.store(self.env, self.config, payload)
        self.run_jobs()
        return self.env["ac.event"].search([], limit=1)

    def test_row_5_event_without_a_list_is_a_withdrawal_in_general(self):
        partner = self.person()
        self.run_jobs()
        self.unsubscribe(partner, list="0")
        self.assertFalse(partner.ac_consent_ids.list_name)
        self.assertEqual(self.status(partner), 2)

    def test_row_5_event_by_the_contact_itself_and_of_an_unknown_list(self):
        partner = self.person()
        self.run_jobs()
        self.unsubscribe(
            partner,
            list={"0": {"id": self.news_id}, "1": {"id": "77"}},
            unsubscribe={"reason": "Too many"},
        )
        lists = self.lists_of(partner)[partner.id]
        self.assertEqual(lists, {self.news_id: 2, "77": 2})
        self.assertEqual(set(partner.ac_consent_ids.mapped("text")), {"Too many"})

    def test_row_5_echo_of_the_blacklist_is_no_withdrawal(self):
        partner = self.person()
        self.say(partner, "granted")
        self.run_jobs()
        self.blacklist(partner.email)
        event = self.unsubscribe(partner, list=self.news_id, initiated_from="api")
        self.assertEqual(event.state, "ignored")
        self.env["mail.blacklist"]._remove(partner.email)
        self.assertEqual(self.status(partner), 1)
        self.tell(partner, {self.news_id: 1})  # back on the list
        another = {"initiated_from": "api", "initiated_by": "another program"}
        self.unsubscribe(partner, list=self.news_id, **another)
        self.assertEqual(self.status(partner), 2)

    def test_row_5_event_of_somebody_not_linked_yet_is_heard(self):
        self.config.partner_domain = "[('id', '=', 0)]"
        partner = self.person()
        self.run_jobs()
        event = self.unsubscribe(partner, list=self.news_id)
        self.assertEqual((event.state, event.partner_id), ("done", partner))
        self.assertEqual(self.status(partner), 2)

    def test_newest_word_counts_whenever_it_is_recorded(self):
        partner = self.person()
        self.say(partner, "withdrawn", date="2026-02-01 10:00:00")
        self.say(partner, "granted", date="2025-01-01 10:00:00", source="import")
        self.assertEqual(self.status(partner), 2)
        self.say(partner, "granted", self.news, date="2026-03-01 10:00:00")
        self.assertEqual(self.status(partner), 1)
        self.say(partner, "withdrawn", date="2026-04-01 10:00:00")
        self.assertEqual(self.status(partner), 2)

    def test_word_of_one_list_is_not_a_word_of_another(self):
        partner = self.person()
        self.say(partner, "granted")
        self.say(partner, "withdrawn", self.other)
        lists = self.lists_of(partner)[partner.id]
        self.assertEqual(lists, {self.news_id: 1, self.other_id: 2})

    def test_one_email_is_one_person(self):
        partner = self.person()
        twin = self.person("Twin", email="Ada <ADA@example.com>")
        self.run_jobs()
        self.say(twin, "withdrawn")
        self.assertEqual(self.status(partner), 2)
        self.assertTrue(self.marked(partner))

    def test_new_email_keeps_what_its_owner_said(self):
        partner = self.person()
        self.say(partner, "withdrawn")
        partner.email = "new@example.com"
        self.assertEqual(self.status(partner), 2)
        self.assertEqual(partner.ac_consent_ids.email, "ada@example.com")

    def test_yes_to_one_company_is_no_yes_to_another(self):
        ours, theirs = self.company("Ours"), self.company("Theirs")
        self.config.company_id = ours
        partner = self.person(company_id=ours.id)
        twin = self.person("Twin", email="ada@example.com", company_id=theirs.id)
        self.say(twin, "granted")
        self.assertIsNone(self.status(partner))
        self.say(twin, "withdrawn")
        self.assertEqual(self.status(partner), 2)

    def test_list_of_a_forgotten_account_is_no_consent_in_general(self):
        partner, quitter = self.person(), self.person("Quitter")
        self.say(partner, "granted", self.news)
        self.say(quitter, "granted")
        self.say(quitter, "withdrawn", self.news)
        name = self.news.name
        self.config._forget_account()
        self.env.invalidate_all()
        self.assertEqual(partner.ac_consent_ids.list_name, name)
        news = self.env["ac.metadata"].create(
            {
                "config_id": self.config.id,
                "kind": "list",
                "remote_id": self.news_id,
                "name": name,
            }
        )
        self.config.list_ids = news
        self.assertIsNone(self.status(partner))
        self.assertEqual(self.status(quitter), 2, "a no outlives the account")

    # requirement 6: only words change a subscription --------------------------------

    def test_row_6_an_order_lowers_and_raises_nothing(self):
        subscriber, silent = self.person("Sub"), self.person("Silent")
        self.say(subscriber, "granted")
        self.tell(subscriber, {self.news_id: 1})
        orders = self.env["sale.order"].create(
            [{"partner_id": p.id} for p in subscriber | silent]
        )
        self.addCleanup(self.forget_orders, orders)
        orders.action_confirm()
        self.commit()
        self.assertEqual(self.status(subscriber), 1)
        self.assertIsNone(self.status(silent))

    def test_row_6_an_order_lowers_nothing_over_there(self):
        subscriber = self.person("Sub")
        self.say(subscriber, "granted")
        self.run_jobs()
        order = self.env["sale.order"].create({"partner_id": subscriber.id})
        self.addCleanup(self.forget_orders, order)
        order.action_confirm()
        subscriber._ac_mark()
        self.run_jobs()
        self.assertEqual(str(self.over_there(subscriber)), "1")

    def forget_orders(self, orders):
        self.cr.rollback()
        orders.exists()._action_cancel()
        orders.exists().unlink()
        self.commit()
