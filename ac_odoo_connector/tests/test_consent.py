# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is on which list: only those who said yes, never those who said no."""

import os
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..engine import inbox
from .common import ConnectorCase

YES = "Yes, please"


class ConsentCase(ConnectorCase):
    """An account with two lists, the first of which is for everybody."""

    def setUp(self):
        super().setUp()
        self.perform("metadata")
        with self.client() as client:
            self.other_id = client.lists.create({"name": "Other", "stringid": "o"}).id
        self.perform("metadata")
        self.other = self.entry(self.other_id)
        self.news = (self.lists() - self.other)[:1]
        self.news_id = self.news.remote_id
        self.config.list_ids = self.news
        self.commit()

    def lists(self):
        return self.env["ac.metadata"].search(
            [("config_id", "=", self.config.id), ("kind", "=", "list")]
        )

    def entry(self, remote_id):
        return self.lists().filtered(lambda entry: entry.remote_id == str(remote_id))

    def person(self, name="Ada", **values):
        email = f"{name.lower()}@example.com"
        return self.make_partners({"name": name, "email": email, **values})

    def say(self, partners, state, list_=None, **values):
        consents = self.env["ac.consent"]._record(
            partners,
            state,
            values.pop("source", "partner_form"),
            text=YES,
            list_id=list_ and list_.id,
            **values,
        )
        self.commit()
        return consents

    def lists_of(self, partners, more=None):
        self.env.invalidate_all()
        return self.env["ac.consent"]._lists_of(self.config, partners, more)

    def status(self, partner, list_id=None):
        """Return the status of one person on a list, None when it is left alone."""
        return self.lists_of(partner)[partner.id].get(list_id or self.news_id)

    def tell(self, partner, lists):
        """Remember that AC was told of lists, as the engine does."""
        self.run_jobs()
        binding = self.binding(partner)
        binding.sent = {**(binding.sent or {}), "lists": lists}
        self.commit()

    def marked(self, partner):
        """Whether a partner waits to be sent."""
        return self.binding(partner).state == "pending"

    def over_there(self, partner, list_id=None):
        contact = self.simulator.contacts()[partner.email]
        return contact["lists"].get(list_id or self.news_id)


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
        self.env["mail.blacklist"]._add("ADA@example.com")
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
        self.env["mail.blacklist"]._add(blacklisted.email)
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

    # the log -----------------------------------------------------------------------

    def test_entry_keeps_email_words_list_and_author(self):
        partner = self.person()
        entry = self.say(partner, "granted", self.news)
        self.assertEqual(entry.email, "ada@example.com")
        self.assertEqual((entry.text, entry.list_name), (YES, self.news.name))
        self.assertEqual(entry.user_id, self.env.user)
        partner.unlink()
        self.assertFalse(entry.exists())

    def test_nothing_is_said_in_the_future(self):
        with self.assertRaises(ValidationError):
            self.say(self.person(), "granted", date="2099-01-01 00:00:00")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_nobody_edits_and_only_managers_delete(self):
        partner = self.person()
        entry = self.say(partner, "granted")
        for group in ("user", "operator", "manager"):
            mine = entry.with_user(self.user(group))
            with self.subTest(group=group), self.assertRaises(AccessError):
                mine.write({"state": "withdrawn"})
        with self.assertRaises(AccessError):
            entry.with_user(self.user("operator")).unlink()
        entry.with_user(self.user("manager")).unlink()
        self.assertIsNone(self.status(partner))

    def user(self, group):
        login = f"{group}{os.getpid()}"
        known = self.env["res.users"].search([("login", "=", login)])
        if known:
            return known
        groups = f"base.group_user,ac_odoo_connector.group_{group}"
        user = new_test_user(self.env, login, groups, company_id=1)
        self.addCleanup(self.forget_user, user)
        return user

    def forget_user(self, user):
        self.cr.rollback()
        partner = user.exists().partner_id
        user.exists().unlink()
        partner.unlink()
        self.commit()

    def test_deleted_entry_marks_the_person(self):
        partner = self.person()
        entry = self.say(partner, "granted")
        self.run_jobs()
        entry.unlink()
        self.assertTrue(self.marked(partner))

    def test_wizard_records_in_the_operators_name(self):
        partner = self.person()
        self.config.consent_text = YES
        operator = self.user("operator")
        action = partner.with_user(operator).action_ac_record_consent()
        wizard = self.env["ac.consent.record"].with_user(operator)
        wizard = wizard.with_context(**action["context"]).create({"source": "phone"})
        self.assertEqual(wizard.text, YES)
        wizard.action_record()
        entry = partner.ac_consent_ids
        self.assertEqual((entry.state, entry.source), ("granted", "phone"))
        self.assertEqual(entry.user_id, operator)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_wizard_wants_words_and_an_operator(self):
        partner = self.person()
        wizard = self.env["ac.consent.record"].create(
            {"partner_ids": partner.ids, "state": "granted", "text": " "}
        )
        with self.assertRaises(UserError):
            wizard.action_record()
        with self.assertRaises(AccessError):
            partner.with_user(self.user("user")).action_ac_withdraw_consent()

    def test_partner_form_shows_what_is_valid(self):
        partner = self.person()
        self.say(partner, "granted", self.other, date="2026-01-01 00:00:00")
        self.say(partner, "granted", date="2026-02-01 00:00:00")
        self.say(partner, "withdrawn", self.news, date="2026-03-01 00:00:00")
        self.env.invalidate_all()
        shown = [(e.list_id, e.state) for e in partner.ac_valid_consent_ids]
        self.assertEqual(
            shown,
            [(self.news, "withdrawn"), (self.env["ac.metadata"], "granted")],
        )

    def test_queries_do_not_grow_with_people(self):
        tag = self.env["res.partner.category"].create(
            {"name": "T", "ac_list_ids": [(6, 0, self.other.ids)]}
        )
        people = self.make_partners(
            *[
                {
                    "name": f"P{n}",
                    "email": f"p{n}@example.com",
                    "category_id": [(6, 0, tag.ids)],
                }
                for n in range(40)
            ]
        )
        self.say(people, "granted")
        self.say(people[:20], "withdrawn", self.other)
        few, many = (self.count_queries(people[:n]) for n in (2, 40))
        self.assertEqual(few, many)

    def count_queries(self, partners):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env["ac.consent"]._lists_of(self.config, partners)
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestListPreview(ConsentCase):
    def preview(self):
        return self.env["ac.list.preview"].browse(
            self.config.action_preview_lists()["res_id"]
        )

    def test_preview_counts_names_and_sends_exactly_these(self):
        new, known, gone, silent, archived = (
            self.person(name) for name in ("New", "Known", "Gone", "Silent", "Archived")
        )
        self.say(new | known | archived, "granted")
        self.say(gone, "withdrawn")
        self.tell(known, {self.news_id: 1})
        archived.active = False
        self.run_jobs()
        preview = self.preview()
        line = preview.line_ids
        counts = (line.subscribe, line.unsubscribe, line.unchanged)
        self.assertEqual((line.name, counts), (self.news.name, (1, 1, 2)))
        self.assertIn("New", line.names)
        self.assertIn("Gone", line.names)
        self.assertNotIn("Known", line.names)
        preview.action_apply()
        waiting = [p.name for p in (new | known | gone | silent) if self.marked(p)]
        self.assertEqual(waiting, ["New", "Gone"])

    def test_preview_sends_and_marks_nothing_by_itself(self):
        partner = self.person()
        self.say(partner, "granted")
        self.run_jobs()
        self.simulator.forget_log()
        self.config.list_ids = self.news | self.other
        self.config.consent_mode = "existing"
        self.preview()
        self.assertFalse(self.marked(partner))
        self.run_jobs()
        self.assertEqual(self.simulator.calls(), [])

    def test_people_of_another_company_are_not_in_the_preview(self):
        self.config.company_id = self.company("Ours")
        partner = self.person(company_id=self.company("Theirs").id)
        self.say(partner, "granted")
        self.assertEqual(self.preview().scope_count, 0)

    def test_config_takes_only_its_own_lists(self):
        other = self.make_config(name="Second")
        with self.assertRaises(ValidationError):
            other.list_ids = self.news


@tagged("post_install", "-at_install")
class TestMailingLists(ConsentCase):
    def setUp(self):
        super().setUp()
        if "mailing.subscription" not in self.env:
            self.skipTest("mass_mailing is not installed: no Odoo mailing lists")
        self.mailing = self.env["mailing.list"].create({"name": "Shop News"})
        self.addCleanup(self.forget_mailing)
        self.link = self.env["ac.mailing.link"].create(
            {
                "config_id": self.config.id,
                "mailing_list": str(self.mailing.id),
                "list_id": self.other.id,
            }
        )

    def forget_mailing(self):
        self.cr.rollback()
        self.mailing.contact_ids.unlink()
        self.mailing.unlink()
        self.commit()

    def subscribe(self, email, **values):
        contact = self.env["mailing.contact"].create({"name": email, "email": email})
        subscription = self.env["mailing.subscription"].create(
            {"contact_id": contact.id, "list_id": self.mailing.id, **values}
        )
        self.commit()
        return subscription

    def cron(self):
        self.commit()
        self.env["ac.odoo.config"]._cron_batch()
        self.commit()
        self.env.invalidate_all()

    def test_row_18_opt_in_and_opt_out_count_after_one_cron_run(self):
        partner = self.person()
        self.run_jobs()
        subscription = self.subscribe("ADA@example.com")
        self.cron()
        entry = partner.ac_consent_ids
        self.assertEqual((entry.state, entry.list_id), ("granted", self.other))
        self.assertEqual((entry.source, entry.text), ("mailing_list", "Shop News"))
        self.assertEqual(self.status(partner, self.other_id), 1)
        self.assertTrue(self.marked(partner))
        self.age()
        subscription.opt_out = True
        self.cron()
        self.assertEqual(self.status(partner, self.other_id), 2)

    def age(self):
        """Let a day pass."""
        self.env.flush_all()
        for table, column in (
            ("ac_consent", "date"),
            ("mailing_subscription", "write_date"),
            ("mailing_contact", "write_date"),
            ("ac_mailing_link", "cursor"),
        ):
            self.cr.execute(
                f'UPDATE {table} SET "{column}" = "{column}" - INTERVAL \'1 day\''
            )
        self.env.invalidate_all()

    def test_row_18_opt_in_and_opt_out_arrive_over_there(self):
        partner = self.person()
        self.run_jobs()
        subscription = self.subscribe(partner.email)
        self.cron()
        self.run_jobs()
        self.assertEqual(str(self.over_there(partner, self.other_id)), "1")
        self.age()
        subscription.opt_out = True
        self.cron()
        self.run_jobs()
        self.assertEqual(str(self.over_there(partner, self.other_id)), "2")

    def test_nothing_is_recorded_twice(self):
        partner = self.person()
        self.subscribe(partner.email)
        for _round in range(3):
            self.cron()
        self.assertEqual(len(partner.ac_consent_ids), 1)
        self.age()
        self.cron()
        self.assertEqual(len(partner.ac_consent_ids), 1)

    def test_partner_that_comes_later_is_found(self):
        self.subscribe("ada@example.com")
        self.cron()
        self.age()
        partner = self.person()
        self.cron()
        self.assertEqual(self.status(partner, self.other_id), 1)

    def test_one_no_counts_of_two_contacts_with_one_email(self):
        partner = self.person()
        self.subscribe("ada@example.com", opt_out=True)
        self.subscribe("Ada <ada@example.com>")
        self.cron()
        self.assertEqual(self.status(partner, self.other_id), 2)

    def test_unmapped_mailing_list_says_nothing(self):
        self.link.unlink()
        partner = self.person()
        self.subscribe(partner.email)
        self.cron()
        self.assertFalse(partner.ac_consent_ids)
