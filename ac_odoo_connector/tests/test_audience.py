# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Audience rules: who enters, who leaves, and what that means for tags."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .audience_case import AudienceCase


@tagged("post_install", "-at_install")
class TestAudience(AudienceCase):
    def test_matching_partners_enter(self):
        rule = self.rule()
        self.assertEqual(self.inside(rule), self.gold)
        self.assertEqual((rule.member_count, rule.problem), (2, False))
        self.assertTrue(rule.evaluated_at)
        self.assertEqual(self.facts(self.gold[0])["tags"], {"Gold", "VIP"})
        self.assertEqual(self.facts(self.iron[0])["tags"], set())

    def test_only_those_who_moved_are_marked(self):
        rule = self.rule()
        self.forget_marks()
        self.assertEqual(self.evaluate(rule), {rule.id: (0, 0)})
        self.assertFalse(self.marked())
        self.gold[0].ref = self.iron[0].ref
        self.iron[1].ref = "gold"
        self.commit()
        self.forget_marks()
        self.assertEqual(self.evaluate(rule), {rule.id: (1, 1)})
        self.assertEqual(self.marked(), self.gold[0] + self.iron[1])
        self.cr.execute("SELECT name FROM queue_job WHERE state = 'pending'")
        self.assertIn(("ActiveCampaign Test: run",), self.cr.fetchall())

    def test_who_leaves_gets_the_other_tags(self):
        rule = self.rule(leave_tags="Former Gold")
        self.gold[0].ref = "iron"
        self.evaluate(rule)
        self.assertEqual(self.inside(rule), self.gold[1])
        self.assertEqual(self.facts(self.gold[0])["tags"], {"Former Gold"})
        self.assertEqual(self.facts(self.iron[0])["tags"], set())

    def test_who_enters_again_is_as_new(self):
        rule = self.rule(
            leave_tags="Former Gold", enter_automation_id=self.automation.id
        )
        self.gold[0].ref = "iron"
        self.evaluate(rule)
        self.gold[0].ref = "gold"
        self.evaluate(rule)
        member = rule.member_ids.filtered(lambda m: m.partner_id == self.gold[0])
        self.assertEqual((len(member), member.inside, member.left_at), (1, True, False))
        self.assertEqual(self.facts(self.gold[0])["tags"], {"Gold", "VIP"})

    def test_archived_partner_leaves(self):
        rule = self.rule(domain="[('active', 'in', [True, False])]")
        self.assertEqual(self.inside(rule), self.partners)
        self.gold[0].active = False
        self.evaluate(rule)
        self.assertEqual(self.inside(rule), self.partners - self.gold[0])

    def test_deleted_partner_is_gone(self):
        rule = self.rule()
        self.gold[0].unlink()
        self.assertEqual(self.evaluate(rule), {rule.id: (0, 0)})
        self.assertEqual(rule.member_count, 1)

    def test_partner_out_of_the_accounts_scope_leaves(self):
        rule = self.rule()
        self.config.partner_domain = str([("id", "=", self.gold[1].id)])
        self.evaluate(rule)
        self.assertEqual(self.inside(rule), self.gold[1])

    def test_two_accounts_keep_to_themselves(self):
        other = self.make_config(name="Other")
        rule = self.rule()
        theirs = self.rule(config_id=other.id, enter_tags="Theirs")
        self.assertEqual(self.inside(theirs), self.gold)
        self.assertEqual(self.facts(self.gold[0])["tags"], {"Gold", "VIP"})
        self.assertEqual(self.facts(self.gold[0], other)["tags"], {"Theirs"})
        self.forget_marks()
        rule.enter_tags = "Ours"
        self.evaluate(rule)
        self.assertEqual(self.marked(), self.gold)
        self.assertFalse(self.marked(other))

    def test_list_of_another_account_is_refused(self):
        other = self.make_config(name="Other")
        with self.assertRaisesRegex(ValidationError, "another ActiveCampaign account"):
            self.rule(config_id=other.id, list_ids=self.list.ids)

    def test_partner_of_another_company_is_never_a_member(self):
        ours, theirs = self.company("Audience A"), self.company("Audience B")
        self.config.company_id = ours
        self.gold[0].company_id = theirs
        self.gold[1].company_id = ours
        self.iron[0].ref = "gold"  # of no company: shared
        rule = self.rule()
        self.assertEqual(self.inside(rule), self.gold[1] + self.iron[0])
        self.gold[1].company_id = theirs
        self.evaluate(rule)
        self.assertEqual(self.inside(rule), self.iron[0])

    def test_tags_over_there(self):
        rule = self.rule(leave_tags="Former Gold")
        self.run_jobs()
        self.assertEqual(self.tags_over_there(self.gold[0]), {"Gold", "VIP"})
        self.assertEqual(self.tags_over_there(self.iron[0]), set())
        self.gold[0].ref = "iron"
        self.evaluate(rule)
        self.run_jobs()
        self.assertEqual(self.tags_over_there(self.gold[0]), {"Former Gold"})

    def tags_over_there(self, partner):
        """Return the audience tags of the partner's contact; others own the rest."""
        contact = self.simulator.contacts()[partner.email]
        names = {"Gold", "VIP", "Former Gold"}
        return names & set(contact["tags"])
