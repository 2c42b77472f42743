# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people say to ActiveCampaign's lists does something in Odoo, and is taken back."""

from odoo.tests import tagged

from ..engine import suppression
from .consent_case import ConsentCase
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestConsentBack(ConsentCase, PullCase):
    def setUp(self):
        super().setUp()
        self.ada = self.person()
        self.say(self.ada, "granted")
        self.run_jobs()
        self.id = self.binding(self.ada).remote_id
        self.assertEqual(str(self.over_there(self.ada)), "1")
        self.simulator.forget_log()

    def barred(self):
        self.env.invalidate_all()
        return bool(self.env["mail.blacklist"].search([("email", "=", self.ada.email)]))

    def unsubscribe(self, list_id=None, **values):
        list_id = self.news_id if list_id is None else list_id
        if list_id:
            self.simulator.call(
                "POST",
                "actions/unsubscribe",
                email=self.ada.email,
                list=list_id,
                source="public",
            )
        said = {"list": {"0": {"id": list_id}}} if list_id else {"list": "0"}
        self.event(
            "unsubscribe",
            self.id,
            contact={"email": self.ada.email},
            initiated_from="public",
            **said,
            **values,
        )
        self.run_jobs()

    def subscribe(self, source="public", really=True, list_id=None):
        list_id = list_id or self.news_id
        if really:
            self.simulator.call(
                "POST",
                "actions/subscribe",
                email=self.ada.email,
                list=list_id,
                source=source,
            )
        self.event(
            "subscribe",
            self.id,
            contact={"email": self.ada.email},
            list=str(list_id),
            initiated_from=source,
        )
        self.run_jobs()

    def said(self):
        """Return the states of all entries of the log, the oldest first."""
        self.env.invalidate_all()
        return self.ada.ac_consent_ids.sorted("id").mapped("state")

    def bounce(self, kind):
        self.event(
            "bounce",
            self.id,
            contact={"email": self.ada.email},
            bounce={"type": kind, "code": "5.1.1"},
        )
        self.run_jobs()

    # A no ------------------------------------------------------------------------------

    def test_a_withdrawal_is_recorded_and_goes_no_further_by_itself(self):
        self.unsubscribe()
        self.assertEqual(self.status(self.ada), 2)
        self.assertEqual(self.ada.ac_consent_ids[:1].source, "activecampaign")
        self.assertFalse(self.barred())
        self.assertEqual(self.simulator.writes(), [])

    def test_a_withdrawal_may_blacklist(self):
        self.config.unsubscribe_effect = "blacklist"
        self.unsubscribe()
        self.unsubscribe()
        self.assertTrue(self.barred())
        rows = self.env["ac.suppression"].search([("email", "=", self.ada.email)])
        self.assertEqual(rows.mapped("reason"), ["unsubscribed"])
        self.assertEqual(self.simulator.writes(), [])

    def test_a_hard_bounce_blacklists_and_a_soft_one_does_not(self):
        self.bounce("soft")
        self.assertFalse(self.barred())
        self.bounce("hard")
        self.bounce("hard")
        self.assertTrue(self.barred())
        self.assertEqual(len(self.env["ac.suppression"].search([])), 1)
        self.assertEqual(self.simulator.writes(), [])
        entry = self.env["mail.blacklist"].search([("email", "=", self.ada.email)])
        self.assertIn("Hard bounce", str(entry.message_ids.mapped("body")))

    def test_a_spam_complaint_is_a_no_to_everything(self):
        self.unsubscribe(unsubscribe={"reason": "Marked as SPAM"})
        self.assertTrue(self.barred())
        self.assertEqual(self.ada.ac_consent_ids[:1].list_name, False)
        self.assertEqual(self.status(self.ada), 2)

    def test_the_policy_may_be_to_record_only(self):
        self.config.write({"unsubscribe_effect": "record", "harm_effect": "record"})
        self.unsubscribe(unsubscribe={"reason": "spam"})
        self.bounce("hard")
        self.assertFalse(self.barred())
        self.assertEqual(self.status(self.ada), 2)

    def test_somebody_without_a_link_is_heard_by_the_email(self):
        self.config.unsubscribe_effect = "blacklist"
        self.binding(self.ada).unlink()
        self.cr.execute("DELETE FROM queue_job")
        self.unsubscribe()
        self.assertTrue(self.barred())

    # A yes again -------------------------------------------------------------------------

    def test_a_new_subscription_lifts_what_activecampaign_has_set(self):
        self.config.unsubscribe_effect = "blacklist"
        self.unsubscribe()
        self.subscribe()
        self.assertFalse(self.barred())
        self.assertEqual(self.said(), ["granted", "withdrawn", "granted"])
        self.assertEqual(self.status(self.ada), 1)
        self.assertEqual(self.simulator.writes(), [])

    def test_a_user_over_there_may_subscribe_again_but_makes_no_first_consent(self):
        self.unsubscribe()
        self.subscribe("admin")
        self.assertEqual(self.status(self.ada), 1)
        self.cr.execute("DELETE FROM ac_consent WHERE partner_id = %s", self.ada.ids)
        self.subscribe("admin")
        self.assertEqual(self.said(), [])

    def test_an_automation_or_the_api_lifts_nothing(self):
        self.unsubscribe()
        for source in ("api", "system"):
            self.subscribe(source)
        self.assertEqual(self.status(self.ada), 2)

    def test_a_hint_that_is_not_true_any_more_lifts_nothing(self):
        self.unsubscribe()
        self.subscribe(really=False)
        self.assertEqual(self.status(self.ada), 2)

    def test_a_no_that_was_said_in_odoo_stays(self):
        self.say(self.ada, "withdrawn")
        self.run_jobs()
        self.unsubscribe()
        for source in ("admin", "public"):
            self.subscribe(source)
            self.assertEqual(self.status(self.ada), 2)
            self.assertEqual(self.said()[-1], "withdrawn")
            self.assertIn("Odoo", self.last_event().message)
            self.assertEqual(str(self.over_there(self.ada)), "2")

    def test_a_no_to_one_list_in_odoo_outlives_one_to_all_over_there(self):
        self.say(self.ada, "withdrawn", self.news, source="phone")
        self.run_jobs()
        self.unsubscribe(0)
        self.subscribe("admin")
        self.assertEqual(self.status(self.ada), 2)

    def test_a_yes_in_odoo_ends_an_earlier_no_in_odoo(self):
        self.say(self.ada, "withdrawn", date="2026-01-01 00:00:00")
        self.say(self.ada, "granted", date="2026-02-01 00:00:00")
        self.run_jobs()
        self.unsubscribe()
        self.subscribe("admin")
        self.assertEqual(self.status(self.ada), 1)

    def test_a_no_in_another_account_stays(self):
        other = self.make_config(name="Other")
        self.env["ac.consent"]._record(
            self.ada, "withdrawn", "activecampaign", config_id=other.id
        )
        self.unsubscribe()
        self.subscribe()
        self.assertEqual(self.status(self.ada), 2)

    def test_an_entry_of_odoos_own_blacklist_stays(self):
        self.blacklist(self.ada.email)
        self.config.unsubscribe_effect = "blacklist"
        self.unsubscribe()
        self.assertFalse(self.env["ac.suppression"].search([]))
        self.subscribe()
        self.assertTrue(self.barred())

    def test_an_entry_that_somebody_has_made_their_own_stays(self):
        self.config.unsubscribe_effect = "blacklist"
        self.unsubscribe()
        self.env["mail.blacklist"]._add(self.ada.email)
        self.subscribe()
        self.assertTrue(self.barred())

    def test_an_entry_that_somebody_adds_by_hand_is_theirs(self):
        self.config.unsubscribe_effect = "blacklist"
        self.unsubscribe()
        self.env["mail.blacklist"].create({"email": self.ada.email})
        self.subscribe()
        self.assertTrue(self.barred())

    def test_a_yes_to_one_list_leaves_the_no_to_another(self):
        self.config.unsubscribe_effect = "blacklist"
        self.unsubscribe(self.other_id)
        self.unsubscribe()
        self.simulator.forget_log()
        self.subscribe()
        self.assertTrue(self.barred())
        self.assertEqual(self.simulator.writes(), [])
        self.subscribe(list_id=self.other_id)
        self.assertFalse(self.barred())
        self.assertEqual(self.status(self.ada), 1)
        self.assertEqual(self.status(self.ada, self.other_id), 1)

    def test_only_the_person_takes_back_a_complaint(self):
        self.unsubscribe(unsubscribe={"reason": "Marked as SPAM"})
        self.subscribe("admin")
        self.assertTrue(self.barred())
        self.subscribe()
        self.assertFalse(self.barred())
        self.assertEqual(self.status(self.ada), 1)

    def test_a_second_account_keeps_its_own_entry_of_the_blacklist(self):
        other = self.make_config(name="Other")
        for config in (other, self.config):
            suppression.suppress(
                config, [self.ada.email], self.lists(), "blacklist", "unsubscribed"
            )
        self.commit()
        self.subscribe()
        self.assertTrue(self.barred())
        suppression.lift(self.config, [self.ada.email], self.lists(), True, True)
        self.assertTrue(self.barred())
        suppression.lift(other, [self.ada.email], self.lists(), True, True)
        self.assertFalse(self.barred())

    def test_a_bounce_of_an_address_of_before_leaves_the_new_one(self):
        self.ada.email = "ada.new@example.com"
        self.run_jobs()
        self.event(
            "bounce",
            self.id,
            contact={"email": "ada@example.com"},
            bounce={"type": "Hard"},
        )
        self.run_jobs()
        entries = self.env["mail.blacklist"].search([("email", "like", "ada%")])
        self.addCleanup(self.forget, entries)
        self.assertEqual(entries.mapped("email"), ["ada@example.com"])

    def test_who_bounces_over_there_is_not_subscribed_and_has_said_nothing(self):
        self.simulator.call("POST", "actions/bounce", email=self.ada.email)
        self.say(self.ada, "granted", self.news)
        self.env["ac.sync.run"]._start(self.config)
        self.tell(self.ada, {})
        self.ada._ac_mark()
        self.run_jobs()
        self.assertEqual(str(self.over_there(self.ada)), "3")
        self.assertEqual(set(self.said()), {"granted"})

    def test_after_a_resync_the_no_is_still_a_no(self):
        self.unsubscribe()
        self.env["ac.sync.run"]._start(self.config)
        self.binding(self.ada).fingerprint = False
        self.run_jobs()
        self.assertEqual(str(self.over_there(self.ada)), "2")
