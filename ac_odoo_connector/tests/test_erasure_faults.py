# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An erasure that is broken off, repeated, or meets a worker (user requirement 26)."""

from threading import Thread

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import subject
from .privacy_case import EMAIL, PrivacyCase

TAGS = {"path": "/contactTags/", "method": "DELETE"}


@tagged("post_install", "-at_install")
class TestBrokenOff(PrivacyCase):
    def setUp(self):
        super().setUp()
        with self.client() as client:
            eve = client.contacts.create({"email": "eve@example.com"})
            tag = client.tags.create({"tag": "VIP", "tagType": "contact"})
            note = {"note": "Likes tea", "relid": eve.id, "reltype": "Subscriber"}
            client.contact_tags.create({"contact": eve.id, "tag": tag.id})
            client.notes.create(note)
        self.eve_id = eve.id

    def eve(self):
        """Return the question about somebody whom only ActiveCampaign knows."""
        nobody = self.env["res.partner"]
        values = {"email": "eve@example.com", "remote_choice": "anonymise"}
        wizard = self.wizard(nobody, **values)
        wizard.action_preview()
        self.commit()
        return wizard

    def assert_empty(self):
        with self.client() as client:
            related = client.contacts.related
            self.assertFalse(list(related(self.eve_id, "contactTags")))
            self.assertFalse(list(related(self.eve_id, "notes")))
        self.assertNotIn("eve@example.com", self.simulator.contacts())

    def test_a_contact_that_was_emptied_half_is_found_again(self):
        wizard = self.eve()
        self.simulator.faults({"kind": "status", "status": 422, **TAGS})
        with self.assertRaisesRegex(UserError, "Try again"):
            wizard.action_erase()
        self.cr.rollback()
        self.simulator.call("DELETE", "faults")
        wizard.action_erase()
        self.assert_empty()

    def test_a_tag_whose_answer_was_lost_does_not_end_it(self):
        """The second try of the client finds no tag any more."""
        wizard = self.eve()
        silence = {"kind": "accept_timeout", "seconds": 0.1, "times": 1}
        self.simulator.faults({**silence, **TAGS})
        wizard.action_erase()
        self.assert_empty()

    def test_an_emptied_contact_makes_no_partner(self):
        self.config.unknown_contact = "create"
        self.erased(remote_choice="anonymise")
        email = self.simulator.state()["contacts"][self.contact_id]["email"]
        contact = {"id": self.contact_id, "email": email}
        event = self.tell("update", contact=contact)
        self.run_jobs()
        self.assertEqual(event.state, "ignored")
        self.assertFalse(self.env["res.partner"].search([("email", "=", email)]))


@tagged("post_install", "-at_install")
class TestErasureAndWorkers(PrivacyCase):
    def setUp(self):
        super().setUp()
        self.question = self.wizard()
        self.question.action_preview()
        self.commit()

    def take(self, cr, table, ids):
        cr.execute(
            f"UPDATE {table} SET claim = 'x', claimed_until = now() + '1 day' "
            "WHERE id = ANY(%s)",
            (ids,),
        )

    def test_who_is_just_being_taken_is_waited_for(self):
        told = []
        link = self.binding(self.ada)
        with self.registry.cursor() as worker:
            self.take(worker, "ac_binding", link.ids)
            thread = Thread(target=self.erase_elsewhere, args=(told,))
            thread.start()
            thread.join(2)
            worker.commit()  # pylint: disable=invalid-commit
        thread.join(30)
        self.assertIn("at the moment", told[0])
        self.assertIn(EMAIL, self.simulator.contacts())

    def erase_elsewhere(self, told):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.boss.id, {})
            try:
                self.question.with_env(env).action_erase()
                told.append("erased")
            except UserError as error:
                told.append(str(error))

    def test_an_import_that_activecampaign_is_at_is_waited_for(self):
        """It may make the contact after it was deleted."""
        self.cr.execute(
            "UPDATE ac_binding SET state = 'sent', batch_ref = 'b' WHERE id = %s",
            (self.binding(self.ada).id,),
        )
        self.commit()
        with self.assertRaisesRegex(UserError, "at the moment"):
            self.question.action_erase()

    def test_an_event_that_is_being_applied_is_waited_for(self):
        event = self.opened(self.ada, second=9)
        self.take(self.cr, "ac_event", event.ids)
        self.commit()
        with self.assertRaisesRegex(UserError, "at the moment"):
            self.question.action_erase()

    def test_the_preview_of_another_person_does_not_count(self):
        self.question.partner_ids = self.bob
        self.commit()
        with self.assertRaisesRegex(UserError, "preview"):
            self.question.action_erase()
        self.assertIn("bob@example.com", self.simulator.contacts())


@tagged("post_install", "-at_install")
class TestErasureAndCompanies(PrivacyCase):
    def setUp(self):
        super().setUp()
        self.config.company_id = self.env.company
        self.erased(partner_choice="keep")

    def test_an_account_that_becomes_one_of_all_companies(self):
        self.config.company_id = False
        self.ada.phone = "+1 555 0199"
        self.run_jobs()
        self.assertNotIn(EMAIL, self.simulator.contacts())

    def test_who_is_readmitted_comes_back_to_an_account_of_all_companies(self):
        self.config.company_id = False
        self.wizard().action_readmit()
        self.run_jobs()
        self.assertIn(EMAIL, self.simulator.contacts())

    def test_an_account_that_is_given_to_another_company(self):
        self.config.company_id = self.company("Elsewhere")
        self.ada.phone = "+1 555 0199"
        self.run_jobs()
        self.assertNotIn(EMAIL, self.simulator.contacts())
        self.assertEqual(self.binding(self.ada).skip_reason, "erased")

    def test_a_new_account_of_all_companies(self):
        self.config.unlink()
        self.config = self.make_config()
        self.config.action_sync_all()
        self.run_jobs()
        self.assertNotIn(EMAIL, self.simulator.contacts())
        self.assertIn("bob@example.com", self.simulator.contacts())


@tagged("post_install", "-at_install")
class TestErasureAndOrders(PrivacyCase):
    """Erased by a manager who is no salesperson."""

    def setUp(self):
        super().setUp()
        self.config.sync_orders = True
        self.product = self.env["product.product"].create({"name": "Hammer"})
        self.commit()

    def order(self, partner=None):
        line = {"product_id": self.product.id, "price_unit": 10}
        order = self.env["sale.order"].create(
            {"partner_id": (partner or self.ada).id, "order_line": [(0, 0, line)]}
        )
        order.action_confirm()
        self.commit()
        return order

    def link(self, order):
        return self.binding(order).filtered(lambda b: b.object == "order")

    def by_rest(self):
        return self.simulator.state()["ecomOrders"]

    def test_deals_and_orders_go_although_the_manager_sees_none(self):
        self.order()
        self.run_jobs()
        self.assertTrue(self.by_rest())
        self.erased(with_orders=True)
        self.assertFalse(self.by_rest())

    def test_an_order_that_is_on_its_way_is_waited_for(self):
        link = self.link(self.order())
        wizard = self.wizard()
        wizard.action_preview()
        self.cr.execute(
            "UPDATE ac_binding SET claim = 'x', claimed_until = now() + '1 day' "
            "WHERE id = %s",
            (link.id,),
        )
        self.commit()
        with self.assertRaisesRegex(UserError, "at the moment"):
            wizard.action_erase()
        self.assertIn(EMAIL, self.simulator.contacts())

    def test_later_orders_bring_nobody_back(self):
        self.order()
        self.run_jobs()
        self.erased(partner_choice="keep", with_orders=True)
        again = self.make_partners({"name": "A. L.", "email": " ADA@Example.COM "})
        for order in (self.order(), self.order(partner=again)):
            self.run_jobs()
            link = self.link(order)
            self.assertEqual((link.state, link.skip_reason), ("skipped", "erased"))
        self.assertNotIn(EMAIL, self.simulator.contacts())

    def test_no_error_and_no_message_of_an_order_names_the_person(self):
        self.simulator.faults(
            {
                "kind": "status",
                "status": 422,
                "title": "Ada Lovelace",
                "path": "graphql",
            }
        )
        with mute_logger("odoo.addons.ac_odoo_connector.engine.push"):
            self.order()
            self.run_jobs()
        self.assertTrue([text for text in self.dump() if "Lovelace" in text])
        self.simulator.call("DELETE", "faults")
        self.erased()
        self.assertEqual([t for t in self.dump() if "Lovelace" in t], [])

    def test_a_note_on_an_order_outlives_its_event_and_goes(self):
        order = self.order()
        note = order.message_post(body="Ada", subtype_xmlid=subject.SUBTYPE)
        other = order.message_post(body="Paid")
        self.erased()
        self.assertFalse(note.exists())
        self.assertTrue(other.exists())

    def test_the_persons_addresses_are_emptied_too(self):
        address = self.make_partners(
            {
                "name": "Ada Lovelace",
                "type": "delivery",
                "street": "Street 1",
                "parent_id": self.ada.id,
            }
        )
        self.erased()
        self.assertFalse(address.street)
        self.assertEqual(address.name, "Erased Person")
