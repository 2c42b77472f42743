# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Audience rules over many partners, living filters, the preview, and who may."""

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..engine import living_domain
from .audience_case import GOLD, AudienceCase


@tagged("post_install", "-at_install")
class TestAudienceInSets(AudienceCase):
    """Statements do not grow with partners; filters live; people see their part."""

    def test_facts_cost_a_constant_number_of_queries(self):
        for n in range(3):
            self.rule(
                name=f"Rule {n}",
                domain="[]",
                list_ids=self.list.ids,
                enter_automation_id=self.automation.id,
                include_existing=True,
            )
        one = self.statements_of(lambda: self.facts_of(self.partners[:1]))
        many = self.statements_of(lambda: self.facts_of(self.partners))
        self.assertEqual(one, many)

    def facts_of(self, partners):
        self.env.invalidate_all()
        return self.env["ac.audience.rule"]._facts_of(self.config, partners)

    def test_evaluation_costs_a_constant_number_of_queries(self):
        rule = self.rule()
        counts = []
        for size in (10, 500):
            self.make_partners(
                *[{"name": f"M {n}", "ref": "gold"} for n in range(size)]
            )
            counts.append(self.statements_of(lambda: self.evaluate(rule)))
        self.assertEqual(rule.member_count, 512)
        self.assertLess(abs(counts[1] - counts[0]), 5, counts)

    def statements_of(self, work):
        import odoo.sql_db

        before = odoo.sql_db.sql_counter
        work()
        return odoo.sql_db.sql_counter - before

    def test_filter_relative_to_today(self):
        rule = self.rule(
            domain="[('create_date', '>=', "
            "(context_today() - relativedelta(days=3)).strftime('%Y-%m-%d'))]"
        )
        self.assertEqual(self.inside(rule), self.partners)
        self.cr.execute(
            "UPDATE res_partner SET create_date = now() - INTERVAL '9 days' "
            "WHERE id = %s",
            (self.gold[0].id,),
        )
        self.evaluate(rule)
        self.assertEqual(self.inside(rule), self.partners - self.gold[0])

    def test_expressions_of_the_domain_editor_are_understood(self):
        midnight = (
            "datetime.datetime.combine(context_today() + relativedelta(days=-1), "
            "datetime.time(0, 0, 0)).to_utc().strftime('%Y-%m-%d %H:%M:%S')"
        )
        for value in (midnight, "today", "now", "current_date"):
            with self.subTest(value):
                domain = living_domain.read(f"[('create_date', '>=', {value})]")
                self.assertRegex(domain[0][2], r"^\d{4}-\d\d-\d\d")

    def test_filter_may_follow_relations(self):
        tag = self.env["res.partner.category"].create({"name": "Audience test"})
        self.addCleanup(self.drop, tag)
        self.gold.category_id = tag
        rule = self.rule(domain=f"[('category_id', 'child_of', {tag.id})]")
        self.assertEqual(self.inside(rule), self.gold)
        self.evaluate(self.rule(domain="[('parent_id.name', '=', 'Nobody')]"))

    def drop(self, records):
        records.unlink()
        self.commit()

    def test_preview_before_saving(self):
        form = Form(self.env["ac.audience.rule"])
        form.name, form.config_id = "Preview", self.config
        form.domain = GOLD
        self.assertEqual((form.matching_count, form.entering_count), (2, 2))
        form.domain = "[('ref', '=', 'iron')]"
        self.assertEqual((form.matching_count, form.entering_count), (3, 3))
        form.domain = "[('no_such_field', '=', 1)]"
        self.assertEqual(form.matching_count, 0)
        self.assertTrue(form.preview_problem)

    def test_preview_of_a_change(self):
        rule = self.rule()
        with Form(rule) as form:
            form.domain = str([("id", "in", (self.gold[0] + self.iron[0]).ids)])
            counts = (form.matching_count, form.entering_count, form.leaving_count)
            self.assertEqual(counts, (2, 1, 1))
            form.domain = GOLD
        rule.invalidate_recordset()
        self.assertFalse(rule.entering_ids + rule.leaving_ids)
        rule.domain = "[]"
        self.assertEqual(rule.entering_ids, self.iron)
        action = rule.action_view_matching()
        self.assertEqual(
            self.env["res.partner"].search(action["domain"], order="id"), self.partners
        )

    def test_roles(self):
        rule = self.rule()
        groups = "base.group_user,ac_odoo_connector.group_%s"
        users = {
            role: new_test_user(self.env, f"audience_{role}", groups % role)
            for role in ("user", "operator", "manager")
        }
        self.addCleanup(self.drop, self.env["res.users"].concat(*users.values()))
        self.commit()
        looking = rule.with_user(users["user"])
        self.assertEqual(looking.member_count, 2)
        self.assertEqual(looking.matching_count, 2)
        with self.assertRaises(AccessError):
            looking.action_evaluate()
        with self.assertRaises(AccessError):
            looking.unlink()
        rule.with_user(users["operator"]).action_evaluate()
        self.commit()
        with self.assertRaises(AccessError):
            rule.with_user(users["operator"]).domain = "[]"
        rule.with_user(users["manager"]).domain = "[]"
        rule.with_user(users["manager"]).unlink()

    def test_members_of_another_company_are_not_shown(self):
        theirs = self.company("Audience B")
        self.gold[0].company_id = theirs
        rule = self.rule()
        self.assertEqual(self.inside(rule), self.gold)
        user = new_test_user(
            self.env, "audience_ours", "base.group_user,ac_odoo_connector.group_user"
        )
        self.addCleanup(self.drop, user)
        self.env.invalidate_all()
        seen = rule.with_user(user).member_ids.partner_id
        self.assertEqual(seen, self.gold[1])
