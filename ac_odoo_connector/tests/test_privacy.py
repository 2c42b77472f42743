# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One person's data: shown and erased on both sides (user requirement 26)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import subject
from .privacy_case import EMAIL, PrivacyCase

METERS = ("ac_api_usage", "ac_throttle", "ac_breaker")
"""Tables that every request changes."""


@tagged("post_install", "-at_install")
class TestErasure(PrivacyCase):
    def test_the_contact_is_deleted_and_nothing_names_the_person(self):
        self.erased()
        self.assertNotIn(EMAIL, self.simulator.contacts())
        self.assertIn("bob@example.com", self.simulator.contacts())
        left = [text for text in self.dump() if "ada@" in text or "Lovelace" in text]
        self.assertEqual(left, [])
        notes = self.env["mail.message"].search([("model", "=", "res.partner")])
        subtype = self.env.ref(subject.SUBTYPE)
        of_ada = notes.filtered(lambda n: n.res_id == self.ada.id)
        self.assertNotIn(subtype, of_ada.subtype_id)

    def test_others_are_left_alone(self):
        before = {m: len(r) for m, r in self.held(self.bob).items()}
        self.assertTrue(before["ac.event"] and before["ac.consent"])
        self.erased()
        self.assertEqual({m: len(r) for m, r in self.held(self.bob).items()}, before)

    def held(self, partner):
        self.commit()
        self.env.invalidate_all()
        return subject.holdings(subject.find(partner))

    def test_preview_changes_nothing_and_counts_both_sides(self):
        before = self.dump(*METERS)
        wizard = self.wizard()
        wizard.action_preview()
        counts = {(line.place, line.what): line.count for line in wizard.line_ids}
        self.assertEqual(counts["Odoo", "Partners"], 1)
        self.assertEqual(counts["Odoo", "Consent history"], 1)
        self.assertEqual(counts[self.config.name, "contact"], 1)
        self.assertEqual(self.simulator.writes(), [])
        wizard.sudo().unlink()
        self.commit()
        self.assertEqual(self.dump(*METERS), before)

    def test_the_trail_is_shown_in_the_end(self):
        """What was open before may still show the person."""
        wizard = self.wizard()
        wizard.action_preview()
        self.assertIn("action_ac_trail", wizard.action_erase()["url"])
        self.commit()

    def test_erasure_needs_the_preview(self):
        with self.assertRaisesRegex(UserError, "preview"):
            self.wizard().action_erase()
        self.assertIn(EMAIL, self.simulator.contacts())

    def test_anonymised_contact_keeps_its_id_and_nothing_else(self):
        with self.client() as client:
            tag = client.tags.create({"tag": "VIP", "tagType": "contact"}).id
            client.contact_tags.create({"contact": self.contact_id, "tag": tag})
            client.notes.create(
                {"note": "Likes tea", "relid": self.contact_id, "reltype": "Subscriber"}
            )
        self.erased(remote_choice="anonymise")
        state = self.simulator.state()
        contact = state["contacts"][self.contact_id]
        self.assertTrue(contact["email"].endswith("@example.invalid"))
        named = [contact[name] for name in ("firstName", "lastName", "phone")]
        self.assertFalse(any(named))
        with self.client() as client:
            self.assertFalse(list(client.contacts.related(self.contact_id, "notes")))
            tags = list(client.contacts.related(self.contact_id, "contactTags"))
        self.assertFalse(tags)

    def test_what_happens_to_the_partner_is_a_choice(self):
        self.erased(partner_choice="keep")
        self.assertEqual(self.ada.email, EMAIL)
        self.erased(self.bob, partner_choice="delete")
        self.assertFalse(self.bob.exists())

    def test_a_partner_with_an_order_is_not_deleted(self):
        """Odoo would refuse it in the end, when ActiveCampaign has been told already."""
        self.env["sale.order"].create({"partner_id": self.ada.id})
        self.commit()
        wizard = self.wizard(partner_choice="delete")
        wizard.action_preview()
        with self.assertRaisesRegex(UserError, "Sales Order"):
            wizard.action_erase()
        self.assertIn(EMAIL, self.simulator.contacts())

    def test_an_emptied_partner_says_nothing(self):
        self.ada.phone = "+1 555 0144"
        self.commit()
        tracked = self.env["mail.tracking.value"].search(
            [("new_value_char", "=", "+1 555 0144")]
        )
        self.assertTrue(tracked)
        self.ada.write({"street": "Street 1", "function": "Countess"})
        self.erased()
        self.assertFalse(self.ada.active)
        values = self.ada.read(["name", "email", "phone", "street", "function"])[0]
        self.assertEqual(values.pop("name"), "Erased Person")
        self.assertEqual(values.pop("id"), self.ada.id)
        self.assertFalse(any(values.values()))
        self.assertFalse(tracked.exists())

    def test_the_trail_tells_of_it_without_the_person(self):
        self.erased(reference="Ticket 17")
        entry = self.env["ac.trail"].search([("action", "=", "erased")], limit=1)
        self.assertEqual((entry.user_id, entry.config_id), (self.boss, self.config))
        self.assertIn("Ticket 17", entry.note)
        self.assertIn("1 contact(s)", entry.note)
        self.assertNotIn("ada", str(entry.read()).lower())

    def test_an_account_that_does_not_answer_loses_nothing(self):
        wizard = self.wizard()
        wizard.action_preview()
        self.commit()
        self.simulator.faults({"kind": "status", "status": 422, "path": "/contacts/"})
        with self.assertRaisesRegex(UserError, "Nothing was erased in Odoo"):
            wizard.action_erase()
        self.cr.rollback()
        self.assertEqual(self.ada.email, EMAIL)
        self.assertTrue(self.held(self.ada)["ac.event"])
        self.simulator.call("DELETE", "faults")
        wizard.action_erase()
        self.assertNotIn(EMAIL, self.simulator.contacts())

    def test_an_account_that_is_not_connected_is_no_silent_gap(self):
        wizard = self.wizard()
        wizard.action_preview()
        self.config.action_disconnect()
        self.commit()
        with self.assertRaisesRegex(UserError, "not connected"):
            wizard.action_erase()

    def test_a_person_on_the_way_is_not_erased_half(self):
        wizard = self.wizard()
        wizard.action_preview()
        self.cr.execute(
            "UPDATE ac_binding SET claim = 'x', claimed_until = now() + '1 day' "
            "WHERE res_id = %s",
            (self.ada.id,),
        )
        self.commit()
        with self.assertRaisesRegex(UserError, "at the moment"):
            wizard.action_erase()
        self.assertIn(EMAIL, self.simulator.contacts())

    def test_colleagues_are_not_emptied(self):
        wizard = self.wizard(self.boss.partner_id)
        wizard.action_preview()
        with self.assertRaisesRegex(UserError, "user of Odoo"):
            wizard.action_erase()

    def test_ones_own_company_is_not_emptied(self):
        """Somebody may have its e-mail."""
        ours = self.company("Ours").partner_id
        ours.email = EMAIL
        self.commit()
        wizard = self.wizard()
        wizard.action_preview()
        with self.assertRaisesRegex(UserError, "company of this Odoo"):
            wizard.action_erase()
        ours.email = False
        self.commit()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_managers_alone_may(self):
        wizard = self.wizard()
        for role in ("user", "operator"):
            user = self.user(role)
            with self.assertRaises(AccessError):
                self.ada.with_user(user).action_ac_privacy()
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_erase()
        other = self.user("manager", login="second")
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_export()

    def test_another_company_keeps_its_person(self):
        """User requirement 36."""
        theirs = self.company("Elsewhere")
        self.config.company_id = theirs
        self.ada.company_id = theirs
        self.commit()
        wizard = self.wizard(self.bob, email=EMAIL)
        wizard.action_preview()
        wizard.action_erase()
        self.commit()
        self.assertIn(EMAIL, self.simulator.contacts())
        self.assertEqual(self.ada.email, EMAIL)

    def test_without_any_account_the_trail_tells_of_it(self):
        self.config.company_id = self.company("Elsewhere")
        self.commit()
        self.erased(reference="Ticket 19")
        entry = self.env["ac.trail"].search([("action", "=", "erased")], limit=1)
        self.assertIn("Ticket 19", entry.note)


@tagged("post_install", "-at_install")
class TestStayingErased(PrivacyCase):
    """No synchronisation brings the person back."""

    def test_a_partner_who_stays_is_not_sent(self):
        self.erased(partner_choice="keep")
        self.ada.phone = "+1 555 0199"
        self.run_jobs()
        self.config.action_sync_all()
        self.run_jobs()
        self.assertNotIn(EMAIL, self.simulator.contacts())
        link = self.binding(self.ada)
        self.assertEqual((link.state, link.skip_reason), ("skipped", "erased"))

    def test_a_new_partner_with_the_e_mail_is_not_sent(self):
        self.erased()
        self.make_partners({"name": "Ada", "email": "ADA@example.com"})
        self.run_jobs()
        self.assertNotIn(EMAIL, self.simulator.contacts())

    def test_activecampaign_makes_no_partner_and_no_content_stays(self):
        self.config.unknown_contact = "create"
        self.erased(partner_choice="delete")
        with self.client() as client:
            new = client.contacts.create({"email": EMAIL, "firstName": "Ada"}).id
        event = self.tell("subscribe", contact={"id": new, "email": EMAIL}, list="1")
        self.run_jobs()
        self.assertEqual(event.state, "ignored")
        self.assertFalse(event.payload)
        self.assertFalse(self.env["res.partner"].search([("email", "=", EMAIL)]))
        self.assertEqual([t for t in self.dump() if "ada@" in t], [])

    def test_the_digest_tells_nothing(self):
        self.erased()
        entry = self.env["ac.erased"].search([])
        self.assertEqual(len(entry), 1)
        self.assertRegex(entry.digest, "^[0-9a-f]{64}$")

    def test_without_the_key_nothing_is_sent(self):
        self.erased()
        self.env["ir.config_parameter"].search(
            [("key", "=", "ac_odoo_connector.erasure_pepper")]
        ).unlink()
        self.bob.phone = "+1 555 0177"
        self.run_jobs()
        self.assertNotIn("0177", self.simulator.contacts()["bob@example.com"]["phone"])
        self.assertIn("erased people", self.config.problem)

    def test_a_person_who_wants_it_comes_back(self):
        self.erased(partner_choice="keep")
        self.wizard().action_readmit()
        self.run_jobs()
        self.assertIn(EMAIL, self.simulator.contacts())
        entry = self.env["ac.trail"].search([], limit=1)
        self.assertEqual((entry.action, entry.user_id), ("readmitted", self.boss))
