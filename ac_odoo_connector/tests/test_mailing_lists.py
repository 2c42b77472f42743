# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people say in Odoo's mailing lists counts in ActiveCampaign."""

from odoo.tests import tagged

from .consent_case import ConsentCase
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestMailingLists(ConsentCase, PullCase):
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

    def test_a_no_over_there_is_an_opt_out_here_and_its_end_the_end(self):
        partner, subscription = self.subscriber()
        self.tell_odoo("unsubscribe", partner)
        self.assertTrue(subscription.opt_out)
        self.cron()  # it is not taken for something that was said in Odoo
        self.assertEqual(partner.ac_consent_ids[:1].source, "activecampaign")
        self.tell_odoo("subscribe", partner)
        self.assertFalse(subscription.opt_out)
        self.cron()
        self.assertEqual(self.status(partner, self.other_id), 1)

    def test_an_opt_out_in_odoo_stays_when_somebody_subscribes_over_there(self):
        partner, subscription = self.subscriber(opt_out=True)
        self.tell_odoo("unsubscribe", partner)
        self.tell_odoo("subscribe", partner)
        self.assertTrue(subscription.opt_out)

    def test_an_opt_out_that_odoo_has_repeated_stays(self):
        partner, subscription = self.subscriber()
        self.tell_odoo("unsubscribe", partner)
        self.age()
        self.tell_odoo("subscribe", partner)
        self.assertTrue(subscription.opt_out)

    def subscriber(self, **values):
        """A person on both lists, and the subscription of Odoo's mailing list."""
        partner = self.person()
        subscription = self.subscribe(partner.email, **values)
        self.cron()
        self.run_jobs()
        return partner, subscription

    def tell_odoo(self, action, partner):
        """Do it over there as the person, and apply the event of it."""
        self.simulator.call(
            "POST", f"actions/{action}", email=partner.email, list=self.other_id
        )
        id_ = self.binding(partner).remote_id
        said = {"contact": {"email": partner.email}, "initiated_from": "public"}
        self.event(action, id_, list=self.other_id, **said)
        self.run_jobs()
