# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""After an erasure the person is looked for in every table, Odoo's own as well."""

from odoo.tests import tagged

from .canary_case import EMAIL, NOTE, PERSON, PHONE, places_of
from .privacy_case import PrivacyCase

STAYS = {("mail_blacklist", "email")}
"""Or somebody who wants no e-mails would be sent some, once they are back."""
HELD = {"res_partner", "ac_binding", "ac_consent", "ac_event", "ac_conflict"}
HELD |= {"mail_message", "mail_tracking_value", "mail_blacklist"}
"""Where the person has to be beforehand, or nothing is shown by their absence."""


@tagged("post_install", "-at_install")
class TestForgottenEverywhere(PrivacyCase):
    """Ada was refused, written about, is disputed, and wants no e-mails."""

    def setUp(self):
        super().setUp()
        self.ada.write({"email": EMAIL, "phone": PHONE, "comment": NOTE})
        self.env["ac.consent"]._record(self.ada, "granted", "paper", text="Yes")
        self.run_jobs()
        self.refuse()
        self.dispute()
        self.tell("subscriber_note", self.ada, 3, note=NOTE)
        self.tell("unsubscribe", self.ada, 4, list="1")
        self.env["mail.blacklist"]._add(EMAIL)
        self.run_jobs()
        self.config.action_audit()
        self.config.action_reconcile()
        self.run_jobs()

    def refuse(self):
        """ActiveCampaign answers with an error, once."""
        fault = {"kind": "status", "status": 422, "path": "contact", "times": 1}
        self.simulator.faults(fault)
        self.ada.phone = f"{PHONE} 7"
        self.run_jobs()
        self.simulator.call("DELETE", "faults")

    def dispute(self):
        """Both sides change the phone before either has heard of the other."""
        self.edit(self.ada, phone=f"{PHONE} 9")
        self.cr.execute("UPDATE ac_odoo_config SET state = 'draft'")  # nobody sends
        self.ada.phone = f"{PHONE} 8"
        self.commit()
        self.cr.execute("UPDATE ac_odoo_config SET state = 'confirmed'")
        self.tell("update", self.ada, 2)
        self.run_jobs()

    def places(self):
        self.commit()
        return set().union(*(places_of(self.cr, text) for text in PERSON.values()))

    def check_nothing_is_left(self, choice):
        self.assertLessEqual(HELD, {table for table, _column in self.places()})
        self.erased(partner_choice=choice)
        self.assertEqual(self.places() - STAYS, set())

    def test_of_a_partner_who_is_emptied(self):
        self.check_nothing_is_left("anonymise")

    def test_of_a_partner_who_is_deleted(self):
        self.check_nothing_is_left("delete")
