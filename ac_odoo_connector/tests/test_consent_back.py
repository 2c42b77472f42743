# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people say to ActiveCampaign's lists does something in Odoo, and is taken back."""

from odoo.tests import tagged

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

    def subscribe(self, source="public", really=True):
        if really:
            self.simulator.call(
                "POST",
                "actions/subscribe",
                email=self.ada.email,
                list=self.news_id,
                source=source,
            )
        self.event(
            "subscribe",
            self.id,
            contact={"email": self.ada.email},
            list=self.news_id,
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
        self.say(self.ada, "withdrawn", source="phone")
        self.subscribe()
        self.assertEqual(self.status(self.ada), 2)
        self.assertEqual(self.said()[-1], "withdrawn")
        self.assertIn("Odoo", self.last_event().message)

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

    def test_after_a_resync_the_no_is_still_a_no(self):
        self.unsubscribe()
        self.env["ac.sync.run"]._start(self.config)
        self.binding(self.ada).fingerprint = False
        self.run_jobs()
        self.assertEqual(str(self.over_there(self.ada)), "2")
