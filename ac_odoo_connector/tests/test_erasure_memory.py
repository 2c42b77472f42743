# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom an erasure keeps out, and what is said of them."""

from threading import Thread

from odoo import api
from odoo.tests import tagged

from ..engine import erased
from .privacy_case import EMAIL, PrivacyCase

NEW = "a.byron@example.com"


@tagged("post_install", "-at_install")
class TestErasedPeople(PrivacyCase):
    def test_an_archived_one_is_not_told_to_be_unarchived(self):
        self.erased(partner_choice="keep")
        self.ada.active = False
        self.run_jobs()
        self.assertEqual(self.binding(self.ada).skip_reason, "erased")


@tagged("post_install", "-at_install")
class TestEarlierEmails(PrivacyCase):
    """Ada agreed by the e-mail that she had before."""

    def setUp(self):
        super().setUp()
        self.config.unknown_contact = "create"
        self.ada.email = NEW
        self.run_jobs()

    def subscribe(self, email):
        """Somebody subscribes over there; return the event."""
        with self.client() as client:
            new = client.contacts.create({"email": email, "firstName": "Ada"}).id
        event = self.tell("subscribe", contact={"id": new, "email": email}, list="1")
        self.run_jobs()
        return event

    def test_nobody_comes_back_by_it(self):
        self.erased()
        self.assertEqual(self.subscribe(EMAIL).state, "ignored")
        self.assertFalse(self.env["res.partner"].search([("email", "=", EMAIL)]))

    def test_a_contact_that_has_it_may_be_somebody_else(self):
        with self.client() as client:
            client.contacts.create({"email": EMAIL})
        self.erased()
        self.assertIn(EMAIL, self.simulator.contacts())
        self.assertNotIn(NEW, self.simulator.contacts())

    def test_whoever_has_it_now_is_somebody_else(self):
        eve = self.make_partners({"name": "Eve", "email": EMAIL})
        self.run_jobs()
        self.erased()
        self.assertIn(EMAIL, self.simulator.contacts())
        eve.phone = "+1 555 0123"
        self.run_jobs()
        self.assertEqual(self.binding(eve).state, "synced")

    def test_who_wants_it_comes_back(self):
        self.erased(partner_choice="keep")
        self.wizard(email=EMAIL).action_readmit()
        self.commit()
        self.assertFalse(self.env["ac.erased"].search([]))


@tagged("post_install", "-at_install")
class TestOthers(PrivacyCase):
    """Eve once had the e-mail that is Ada's now."""

    def setUp(self):
        super().setUp()
        values = {"name": "Eve", "email": "eve@example.com"}
        self.eve = self.make_partners(values)
        self.env["ac.consent"]._record(self.eve, "withdrawn", "paper", text="No")
        self.run_jobs()
        self.eve_id = self.binding(self.eve).remote_id

    def test_a_no_by_the_same_e_mail_stays(self):
        entry = self.env["ac.consent"].search([("partner_id", "=", self.eve.id)])
        self.cr.execute("UPDATE ac_consent SET email = %s", (EMAIL,))
        self.commit()
        self.erased()
        self.assertEqual(entry.exists().state, "withdrawn")

    def test_the_contact_of_a_deleted_partner_is_nobodys(self):
        """Its link is kept where the account's policy says so."""
        self.config.delete_policy = "nothing"
        self.ada.unlink()
        self.run_jobs()
        wizard = self.wizard(self.env["res.partner"], email=EMAIL)
        wizard.action_preview()
        wizard.action_erase()
        self.commit()
        self.assertNotIn(EMAIL, self.simulator.contacts())

    def test_events_and_contact_of_another_link_stay(self):
        contact = {"id": self.eve_id, "email": EMAIL}
        event = self.tell("open", contact=contact)
        with self.client() as client:
            client.contacts.delete(self.contact_id)
            client.contacts.update(self.eve_id, {"email": EMAIL})
        self.erased()
        self.assertTrue(event.exists())
        self.assertIn(EMAIL, self.simulator.contacts())


@tagged("post_install", "-at_install")
class TestFirstErasures(PrivacyCase):
    def test_two_at_once_have_one_key(self):
        made = []
        with self.registry.cursor() as cr:
            first = erased._make(api.Environment(cr, self.boss.id, {}))
            thread = Thread(target=self.make_elsewhere, args=(made,))
            thread.start()
            thread.join(1)
            cr.commit()  # pylint: disable=invalid-commit
        thread.join(30)
        self.assertEqual(made, [first])
        erased.forget_pepper(self.env)
        self.commit()

    def make_elsewhere(self, made):
        with self.registry.cursor() as cr:
            cr.connection.set_isolation_level(1)
            made.append(erased._make(api.Environment(cr, self.boss.id, {})))
