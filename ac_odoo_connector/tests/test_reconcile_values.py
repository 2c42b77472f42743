# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A difference is looked at value by value: who owns it, and who has changed it."""

from odoo.tests import tagged

from .pull_case import PullCase
from .test_reconcile import ReconcileCase


@tagged("post_install", "-at_install")
class TestReconcileValues(ReconcileCase, PullCase):
    def test_only_what_was_emptied_is_told_again(self):
        """Another value that nobody has heard of stays, and is heard."""
        job = str(self.field("Job"))
        self.map("JOB", field_path="function", direction="both")
        self.refresh()
        ada = self.linked("Ada Love")
        ada.write({"phone": "1", "function": "Countess"})
        self.run_jobs()
        self.edit("ada@example.com", phone="", fields={job: "Author"})
        ada.name = "Ada King"
        self.run_jobs()
        self.reconcile()
        self.reconcile()
        contact = self.contact("ada@example.com")
        self.assertEqual((contact["phone"], contact["lastName"]), ("1", "King"))
        self.assertEqual(self.held("ada@example.com")[job], "Author")
        self.assertEqual((ada.phone, ada.function), ("1", "Author"))

    def test_what_changed_before_a_push_is_heard(self):
        """The push came later than the change, and told something else."""
        ada = self.linked("Ada Love")
        self.edit("ada@example.com", phone="2")
        ada.name = "Ada King"
        self.run_jobs()
        self.reconcile()
        self.assertEqual((ada.name, ada.phone), ("Ada King", "2"))
        self.assertFalse(self.reconcile().counts)

    def test_what_activecampaign_owns_is_not_told(self):
        ada = self.linked("Ada Love")
        self.config.pull_name = "from_ac"
        ada.name = "Ada King"
        self.run_jobs()
        self.simulator.forget_log()
        self.reconcile()
        self.reconcile()
        self.assertEqual(self.simulator.writes(), [])

    def test_who_has_come_back_over_there_is_only_reported(self):
        ada = self.linked("Ada Love")
        self.act("subscribe", email="ada@example.com", list=self.other_id)
        self.act("unsubscribe", email="ada@example.com", list=self.other_id)
        self.reconcile()
        self.assertEqual(ada.ac_consent_ids.mapped("state"), ["withdrawn"])
        self.act("subscribe", email="ada@example.com", list=self.other_id)
        for _night in range(3):
            record = self.reconcile()
        self.assertEqual(record.counts, {"list_joined": 1})
        self.assertEqual(self.status("ada@example.com"), "1")
