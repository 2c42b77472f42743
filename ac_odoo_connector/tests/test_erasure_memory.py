# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom an erasure keeps out, and what is said of them."""

from threading import Thread

from odoo import api
from odoo.tests import tagged

from ..engine import erased
from .privacy_case import EMAIL, PrivacyCase

OLD = "a.byron@example.com"


@tagged("post_install", "-at_install")
class TestErasedPeople(PrivacyCase):
    def test_an_archived_one_is_not_told_to_be_unarchived(self):
        self.erased(partner_choice="keep")
        self.ada.active = False
        self.run_jobs()
        self.assertEqual(self.binding(self.ada).skip_reason, "erased")

    def test_their_deals_do_not_stand_in_the_name_of_the_company(self):
        company = self.make_partners(
            {"name": "Engines", "email": "engines@example.com", "is_company": True}
        )
        self.ada.parent_id = company
        self.erased(partner_choice="keep")
        self.config.write({"sync_deals": True, "deal_title": "{{ partner_id.name }}"})
        order = self.env["sale.order"].create({"partner_id": self.ada.id})
        self.run_jobs()
        link = self.binding(order)
        self.assertEqual((link.state, link.skip_reason), ("skipped", "erased"))
        self.assertFalse(self.simulator.state()["deals"])


@tagged("post_install", "-at_install")
class TestEarlierEmails(PrivacyCase):
    """Ada was known by another e-mail once."""

    def setUp(self):
        super().setUp()
        self.config.unknown_contact = "create"
        self.ada.email = OLD
        self.commit()
        self.ada.email = EMAIL
        self.run_jobs()

    def subscribe(self, email):
        """Somebody subscribes over there; return the event."""
        with self.client() as client:
            new = client.contacts.create({"email": email, "firstName": "Ada"}).id
        event = self.tell("subscribe", contact={"id": new, "email": email}, list="1")
        self.run_jobs()
        return event

    def test_nobody_comes_back_by_one(self):
        self.erased()
        self.assertEqual(self.subscribe(OLD).state, "ignored")
        self.assertFalse(self.env["res.partner"].search([("email", "=", OLD)]))

    def test_the_contact_that_has_one_goes_too(self):
        with self.client() as client:
            client.contacts.create({"email": OLD})
        self.erased()
        self.assertNotIn(OLD, self.simulator.contacts())

    def test_whoever_has_it_now_is_somebody_else(self):
        eve = self.make_partners({"name": "Eve", "email": OLD})
        self.run_jobs()
        self.erased()
        self.assertEqual(eve.email, OLD)
        self.assertIn(OLD, self.simulator.contacts())
        eve.phone = "+1 555 0123"
        self.run_jobs()
        self.assertEqual(self.binding(eve).state, "synced")


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
