# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Odoo itself does to a contact's lists is not taken for the person's word."""

from odoo.tests import tagged

from .consent_case import ConsentCase
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestConsentEcho(ConsentCase, PullCase):
    def setUp(self):
        super().setUp()
        self.config.unsubscribe_effect = "blacklist"
        self.ada = self.person(ref="gold")
        self.say(self.ada, "granted")

    def leave_audience(self):
        self.config.list_ids = False
        rule = self.env["ac.audience.rule"].create(
            {
                "name": "Gold",
                "config_id": self.config.id,
                "domain": "[('ref', '=', 'gold')]",
                "list_ids": self.news.ids,
                "unsubscribe_on_leave": True,
            }
        )
        self.evaluate(rule)
        self.assertEqual(str(self.over_there(self.ada)), "1")
        self.ada.ref = "iron"
        self.commit()
        self.evaluate(rule)

    def evaluate(self, rule):
        self.commit()
        rule._evaluate()
        self.run_jobs()

    def echo(self, **values):
        """Store what the account's webhook says of a removal by the API."""
        self.event(
            "unsubscribe",
            self.binding(self.ada).remote_id,
            contact={"email": self.ada.email},
            list=self.news_id,
            **{"initiated_from": "api", **values},
        )
        self.run_jobs()

    def assert_nobody_spoke(self):
        self.env.invalidate_all()
        self.assertEqual(self.ada.ac_consent_ids.mapped("state"), ["granted"])
        self.assertFalse(self.env["mail.blacklist"].search([]))

    def test_leaving_an_audience_is_nobodys_no(self):
        self.leave_audience()
        self.assertEqual(str(self.over_there(self.ada)), "2")
        self.echo()
        self.assertEqual(self.last_event().state, "ignored")
        self.assert_nobody_spoke()

    def test_archiving_is_nobodys_no(self):
        self.config.archive_policy = "unsubscribe"
        self.run_jobs()
        self.ada.active = False
        self.run_jobs()
        self.assertEqual(str(self.over_there(self.ada)), "2")
        self.ada.active = True  # nothing but what was told says so any more
        self.echo()
        self.assert_nobody_spoke()

    def test_an_echo_that_is_faster_than_the_answer_waits(self):
        self.run_jobs()
        link = self.binding(self.ada)
        link.write({"claim": "somebody", "state": "sending"})
        self.echo()
        self.assertEqual(self.last_event().state, "waiting")
        told = {**link.sent, "lists": {self.news_id: 2}}
        link.write({"claim": False, "state": "synced", "sent": told})
        self.commit()
        self.env["ac.odoo.config"]._cron_batch()
        self.run_jobs()
        self.assertEqual(self.last_event().state, "ignored")
        self.assert_nobody_spoke()

    def test_a_removal_by_somebody_elses_program_is_a_no(self):
        self.run_jobs()
        self.echo()
        self.assertEqual(self.status(self.ada), 2)
