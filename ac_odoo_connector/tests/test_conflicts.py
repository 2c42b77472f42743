# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A value that both sides have changed waits for a person; nothing is overwritten."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestConflicts(PullCase):
    def there(self):
        contacts = self.simulator.contacts()
        return contacts.get("ada@example.com") or contacts["ada@example.org"]

    def clash(self, **values):
        """Both sides change the phone before either has heard of the other."""
        ada = self.linked_ada()
        id_ = self.edit("ada@example.com", phone="AC")
        self.cr.execute("UPDATE ac_odoo_config SET state = 'draft'")  # nobody sends
        ada.write({"phone": "Odoo", **values})
        self.commit()
        self.cr.execute("UPDATE ac_odoo_config SET state = 'confirmed'")
        self.event("update", id_)
        self.run_jobs()
        return ada

    def test_both_values_stay_and_wait(self):
        ada = self.clash()
        (conflict,) = self.conflicts(ada)
        self.assertEqual((conflict.state, conflict.label), ("open", "Phone"))
        self.assertEqual((conflict.odoo_value, conflict.ac_value), ("Odoo", "AC"))
        self.assertTrue(conflict.ac_changed_at and conflict.odoo_changed_at)
        self.assertIn("Conflicts", self.last_event().message)
        self.env["res.partner"].browse(ada.id)._ac_mark()
        ada.name = "Ada King"
        self.run_jobs()
        there = self.there()
        self.assertEqual((there["phone"], there["lastName"]), ("AC", "King"))
        self.assertEqual(ada.phone, "Odoo")
        self.assertEqual(ada.ac_conflict_count, 1)
        self.assertEqual(self.config.conflict_count, 1)

    def test_the_link_does_not_claim_that_both_sides_agree(self):
        ada = self.clash()
        binding = ada.ac_binding_ids
        self.assertIn("but for: Phone", binding.explanation)
        self.assertIn("AC Conflicts", binding.remedy)
        self.conflicts(ada).action_keep_odoo()
        self.run_jobs()
        self.env.invalidate_all()
        self.assertEqual(binding.state, "synced")
        self.assertNotIn("Phone", binding.explanation)
        self.assertFalse(binding.remedy)

    def test_keep_odoos(self):
        ada = self.clash()
        self.conflicts(ada).action_keep_odoo()
        self.run_jobs()
        self.assertEqual((ada.phone, self.there()["phone"]), ("Odoo", "Odoo"))
        self.assertEqual(self.conflicts(ada).state, "odoo")
        self.assertEqual(len(self.simulator.writes()), 1)

    def test_take_activecampaigns(self):
        ada = self.clash()
        self.conflicts(ada).action_take_ac()
        self.run_jobs()
        self.assertEqual((ada.phone, self.there()["phone"]), ("AC", "AC"))
        self.assertEqual(self.conflicts(ada).resolved_by_id, self.env.user)
        self.assertEqual(self.simulator.writes(), [])

    def test_what_is_saved_before_the_decision_is_shown(self):
        """Or somebody would overwrite a value that nobody has looked at."""
        ada = self.clash()
        ada.phone = "Odoo again"
        self.run_jobs()
        self.assertEqual(self.conflicts(ada).odoo_value, "Odoo again")
        self.assertEqual(self.there()["phone"], "AC")

    def test_what_cannot_be_told_any_more_stays_as_it_was_noted(self):
        ada = self.clash(function="Countess")
        conflict = self.conflicts(ada)
        conflict.unit = "4711"  # of a mapping that was deleted
        ada.phone = "Odoo again"
        self.run_jobs()
        self.assertEqual(conflict.odoo_value, "Odoo")

    def test_what_was_overwritten_is_kept(self):
        ada = self.clash()
        ada.phone = "Odoo again"
        self.conflicts(ada).action_take_ac()
        self.assertEqual(self.conflicts(ada).odoo_value, "Odoo again")

    def test_a_decision_is_made_once(self):
        ada = self.clash()
        conflict = self.conflicts(ada)
        conflict.action_take_ac()
        with self.assertRaises(UserError):
            conflict.action_keep_odoo()

    def test_only_operators_decide(self):
        ada = self.clash()
        user = new_test_user(
            self.env, "ac_reader", groups="ac_odoo_connector.group_user"
        )
        self.addCleanup(user.sudo().unlink)
        conflict = self.conflicts(ada).with_user(user)
        self.assertEqual(conflict.ac_value, "AC")
        with self.assertRaises(AccessError):
            conflict.action_take_ac()

    def test_a_repeated_event_makes_one_conflict(self):
        ada = self.clash()
        self.event("update", self.binding(ada).remote_id)
        self.change("ada@example.com", phone="AC again")
        (conflict,) = self.conflicts(ada)
        self.assertEqual(conflict.ac_value, "AC again")

    def test_it_settles_itself_when_both_agree(self):
        ada = self.clash()
        self.change("ada@example.com", phone="Odoo")
        self.assertEqual(self.conflicts(ada).state, "settled")
        self.change("ada@example.com", phone="3")
        self.assertEqual(ada.phone, "3")

    def test_odoos_value_is_told_when_the_account_has_gone_back(self):
        ada = self.clash()
        ada.name = "Ada King"
        self.run_jobs()
        self.change("ada@example.com", phone="1")
        self.assertEqual(self.conflicts(ada).state, "settled")
        self.assertEqual((ada.phone, self.there()["phone"]), ("Odoo", "Odoo"))

    def test_odoos_kept_stays_kept_before_it_is_told(self):
        ada = self.clash()
        self.conflicts(ada).action_keep_odoo()
        self.cr.execute("DELETE FROM queue_job")
        self.event("update", self.binding(ada).remote_id)
        self.perform("inbox")
        self.assertEqual(self.conflicts(ada).mapped("state"), ["odoo"])
        self.perform("push")
        self.assertEqual((ada.phone, self.there()["phone"]), ("Odoo", "Odoo"))

    def test_what_the_account_owned_is_told_when_odoo_owns_it_too(self):
        self.config.pull_phone = "from_ac"
        ada = self.linked_ada()
        ada.phone = "Odoo"
        self.run_jobs()
        self.assertNotEqual(self.there()["phone"], "Odoo")
        self.config.pull_phone = "to_ac"
        self.run_jobs()
        self.assertEqual(self.there()["phone"], "Odoo")

    def test_a_user_of_odoo_is_not_written(self):
        ada = self.clash()
        ada.user_ids = new_test_user(self.env, "ac_ada", partner_id=ada.id)
        self.addCleanup(ada.user_ids.unlink)
        with self.assertRaisesRegex(UserError, "user of Odoo"):
            self.conflicts(ada).action_take_ac()

    def test_whoever_decides_must_be_allowed_to_write_the_partner(self):
        ada = self.clash()
        operator = new_test_user(
            self.env,
            "ac_decider",
            groups="base.group_user,ac_odoo_connector.group_operator",
        )
        self.addCleanup(operator.unlink)
        with self.assertRaises(AccessError):
            self.conflicts(ada).with_user(operator).action_take_ac()

    def test_people_of_another_company_are_not_shown(self):
        ada = self.clash()
        ada.company_id = self.company("Theirs")
        self.commit()
        user = new_test_user(
            self.env, "ac_ours", groups="base.group_user,ac_odoo_connector.group_user"
        )
        self.addCleanup(user.unlink)
        self.assertFalse(self.env["ac.conflict"].with_user(user).search([]))

    def test_the_other_values_go_on(self):
        ada = self.clash(function="Countess")
        self.change("ada@example.com", lastName="King")
        self.assertEqual((ada.name, ada.phone), ("Ada King", "Odoo"))

    def test_the_later_change_wins_where_the_account_says_so(self):
        self.config.conflict_policy = "latest"
        ada = self.clash()
        self.assertFalse(self.conflicts(ada))
        self.assertEqual((ada.phone, self.there()["phone"]), ("Odoo", "Odoo"))
        self.cr.execute("UPDATE res_partner SET phone = 'late' WHERE id = %s", ada.ids)
        self.cr.execute(
            "UPDATE res_partner SET write_date = '2020-01-01' WHERE id = %s", ada.ids
        )
        self.env.invalidate_all()
        self.change("ada@example.com", phone="AC 2")
        self.assertEqual(ada.phone, "AC 2")

    # An e-mail that somebody else has --------------------------------------------------

    def taken(self):
        ada = self.linked_ada()
        other = self.make_partners({"name": "Bob", "email": "ada@example.org"})
        self.cr.execute("DELETE FROM ac_binding WHERE res_id = %s", other.ids)
        self.commit()
        id_ = self.edit("ada@example.com", new_email="ada@example.org")
        self.event("update", id_)
        self.run_jobs()
        return ada, other

    def test_row_7_a_taken_email_is_a_conflict_and_nothing_is_overwritten(self):
        ada, other = self.taken()
        (conflict,) = self.conflicts(ada)
        self.assertEqual((conflict.kind, conflict.other_partner_id), ("taken", other))
        self.assertEqual(ada.email, "ada@example.com")
        self.assertEqual(self.there()["email"], "ada@example.org")
        self.assertEqual(other.email, "ada@example.org")

    def test_a_taken_email_can_be_given_back(self):
        ada, _other = self.taken()
        self.conflicts(ada).action_keep_odoo()
        self.run_jobs()
        self.assertEqual(self.there()["email"], "ada@example.com")
        self.assertEqual(len(self.simulator.contacts()), 1)
