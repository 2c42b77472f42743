# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Audience rules: who enters, who leaves, and what the engine is told about it."""

from concurrent.futures import ThreadPoolExecutor

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine import living_domain
from ..engine.marks import fetch_marks
from ..engine.transaction import transaction
from ..mapping.registry import OBJECTS
from .common import ConnectorCase

GOLD = "[('ref', '=', 'gold')]"


class AudienceCase(ConnectorCase):
    """Five partners, two of them gold; what ActiveCampaign has is known."""

    def setUp(self):
        super().setUp()
        self.perform("metadata")
        self.partners = self.make_partners(
            *[
                {
                    "name": f"A {n}",
                    "email": f"a{n}@example.com",
                    "ref": "gold" if n < 2 else "iron",
                }
                for n in range(5)
            ]
        )
        self.gold, self.iron = self.partners[:2], self.partners[2:]
        self.list = self.entry("list")
        self.automation = self.entry("automation")

    def entry(self, kind, config=None):
        return self.env["ac.metadata"]._entries(config or self.config, kind)[:1]

    def rule(self, **values):
        """Return a committed rule about gold partners, evaluated."""
        rule = self.env["ac.audience.rule"].create(
            {
                "name": "Gold",
                "config_id": self.config.id,
                "domain": GOLD,
                "enter_tags": "Gold, VIP",
                **values,
            }
        )
        self.evaluate(rule)
        return rule

    def evaluate(self, rules):
        self.commit()
        moved = rules._evaluate()
        self.commit()  # and see what the evaluation's own transaction did
        self.env.invalidate_all()
        return moved

    def inside(self, rule):
        members = rule.member_ids.filtered("inside").partner_id
        return members.sorted("id")

    def facts(self, partner, config=None):
        """Return what the rules say about one partner."""
        rules = self.env["ac.audience.rule"]
        return rules._facts_of(config or self.config, self.partners)[partner.id]

    def forget_marks(self):
        self.cr.execute("UPDATE ac_binding SET state = 'synced'")
        self.commit()

    def marked(self, config=None):
        """Return the partners that the engine will look at."""
        self.commit()
        self.env.invalidate_all()
        waiting = self.env["ac.binding"].search(
            [
                ("state", "=", "pending"),
                ("config_id", "=", (config or self.config).id),
                ("res_id", "in", self.partners.ids),
            ]
        )
        return self.partners.browse(sorted(waiting.mapped("res_id")))


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

    def test_broken_filter_keeps_members_and_hurts_no_other(self):
        rule, other = self.rule(), self.rule(name="Iron", sequence=99)
        self.cr.execute(
            "UPDATE ac_audience_rule SET domain = %s WHERE id = %s",
            ("[('no_such_field', '=', 1)]", rule.id),
        )
        self.env.invalidate_all()
        self.iron[0].ref = "gold"
        self.commit()
        with mute_logger("odoo.addons.ac_odoo_connector.models.ac_audience_rule"):
            self.env["ac.audience.rule"]._cron_evaluate()
        self.commit()
        self.env.invalidate_all()
        self.assertEqual(self.inside(rule), self.gold)
        self.assertIn("no_such_field", rule.problem)
        self.assertEqual(self.inside(other), self.gold + self.iron[0])
        with self.assertRaises(UserError):
            rule.action_evaluate()
        self.commit()
        rule.domain = GOLD
        self.evaluate(rule)
        self.assertFalse(rule.problem)
        self.assertEqual(self.inside(rule), self.gold + self.iron[0])

    def test_database_error_of_a_filter_is_shown_as_well(self):
        rule = self.rule()
        self.cr.execute(
            "UPDATE ac_audience_rule SET domain = %s WHERE id = %s",
            ("[('ref', '=', 'a\\x00b')]", rule.id),
        )
        self.env.invalidate_all()
        with mute_logger("odoo.sql_db"):
            self.assertEqual(self.evaluate(rule), {})
        self.assertTrue(rule.problem)
        self.assertEqual(self.inside(rule), self.gold)

    def test_invalid_filter_cannot_be_saved(self):
        for domain in ("[('no_such_field', '=', 1)]", "nonsense", "{}", "[("):
            with self.subTest(domain), self.assertRaises(ValidationError):
                self.rule(domain=domain)
            self.env.invalidate_all()

    def test_overlapping_rules_share_a_tag(self):
        rule, other = self.rule(), self.rule(name="All", domain="[]", enter_tags="VIP")
        self.gold[0].ref = "iron"
        self.evaluate(rule + other)
        self.assertEqual(self.facts(self.gold[0])["tags"], {"VIP"})
        self.assertEqual(self.facts(self.gold[1])["tags"], {"Gold", "VIP"})

    def test_lists_while_inside_and_after(self):
        rule = self.rule(list_ids=self.list.ids)
        id_ = self.list.remote_id
        self.assertEqual(self.facts(self.gold[0])["lists"], {id_})
        self.gold[0].ref = "iron"
        self.evaluate(rule)
        left = self.facts(self.gold[0])
        self.assertEqual((left["lists"], left["left_lists"]), (set(), set()))
        rule.unsubscribe_on_leave = True
        self.assertEqual(self.facts(self.gold[0])["left_lists"], {id_})
        self.rule(name="All", domain="[]", list_ids=self.list.ids)
        held = self.facts(self.gold[0])
        self.assertEqual((held["lists"], held["left_lists"]), ({id_}, set()))

    def test_list_that_is_gone_over_there_is_left_out(self):
        self.rule(list_ids=self.list.ids, enter_automation_id=self.automation.id)
        (self.list + self.automation).active = False
        self.assertEqual(self.facts(self.gold[0])["lists"], set())
        self.assertEqual(self.facts(self.gold[0])["automations"], {})

    def test_changed_tags_reach_every_member(self):
        rule = self.rule()
        self.forget_marks()
        rule.name = "Golden"
        self.evaluate(rule)
        self.assertFalse(self.marked())
        rule.enter_tags = "Golden"
        self.evaluate(rule)
        self.assertEqual(self.marked(), self.gold)
        self.assertFalse(rule.outdated)

    def test_switched_off_rule_forgets_its_members(self):
        rule = self.rule(
            leave_tags="Former",
            list_ids=self.list.ids,
            unsubscribe_on_leave=True,
            leave_automation_id=self.automation.id,
        )
        self.iron[0].ref = "gold"
        self.evaluate(rule)
        self.iron[0].ref = "iron"
        self.evaluate(rule)
        self.forget_marks()
        rule.active = False
        self.commit()
        self.env["ac.audience.rule"]._cron_evaluate()
        self.assertEqual(self.marked(), self.gold + self.iron[0])
        self.assertFalse(rule.member_ids)
        nothing = {"tags": set(), "lists": set(), "left_lists": set()}
        for partner in self.gold + self.iron[0]:
            self.assertEqual(self.facts(partner), {**nothing, "automations": {}})

    def test_deleted_rule_leaves_nothing(self):
        rule = self.rule(leave_tags="Former")
        self.forget_marks()
        rule.unlink()
        self.assertEqual(self.marked(), self.gold)
        self.assertEqual(self.facts(self.gold[0])["tags"], set())

    def test_rule_is_deleted_while_the_engine_works_on_its_members(self):
        rule = self.rule()
        self.run_jobs()
        rule.read()  # the user's transaction begins here
        with transaction(self.env) as env:
            env.cr.execute("UPDATE ac_binding SET state = 'synced'")
        with mute_logger("odoo.sql_db"):
            rule.unlink()
        self.commit()
        self.env["ac.odoo.config"]._cron_outbox()
        with transaction(self.env) as env:
            fetch_marks(env, OBJECTS["contact"])
        self.assertEqual(self.marked(), self.gold)

    def test_two_workers_evaluate_one_rule(self):
        rule = self.rule()
        self.iron.ref = "gold"
        self.commit()
        with ThreadPoolExecutor(4) as workers:
            moved = list(workers.map(self.evaluate_elsewhere, [rule.id] * 4))
        self.assertEqual(sorted(moved), [(0, 0), (0, 0), (0, 0), (3, 0)])

    def evaluate_elsewhere(self, rule_id):
        with self.registry.cursor() as cr:
            env = self.env(cr=cr)
            return env["ac.audience.rule"].browse(rule_id)._evaluate()[rule_id]

    def test_rule_moved_to_another_account_tells_the_old_one(self):
        other = self.make_config(name="Other")
        rule = self.rule()
        self.forget_marks()
        rule.config_id = other
        self.evaluate(rule)
        self.assertEqual(self.marked(), self.gold)
        self.assertEqual(self.marked(other), self.gold)
        self.assertEqual(self.facts(self.gold[0], other)["tags"], {"Gold", "VIP"})

    def test_nothing_is_evaluated_before_the_account_is_connected(self):
        self.config.action_disconnect()
        rule = self.env["ac.audience.rule"].create(
            {"name": "Gold", "config_id": self.config.id, "domain": GOLD}
        )
        self.commit()
        self.env["ac.audience.rule"]._cron_evaluate()
        self.commit()
        self.assertFalse(rule.member_ids)
        with self.assertRaises(UserError):
            rule.action_evaluate()

    def test_saving_a_rule_wakes_the_evaluation(self):
        cron = self.env.ref("ac_odoo_connector.cron_audience")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        rule = self.rule()
        rule.sequence = 3
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), 1)
        rule.domain = "[]"
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), 2)
        triggers.search([("cron_id", "=", cron.id)]).unlink()

    def test_merged_partner_keeps_its_entries(self):
        rule, first = self.rule(), self.rule(domain=[("id", "=", self.gold[0].id)])
        second = self.rule(domain=[("id", "=", self.gold[1].id)])
        entered = second.member_ids.entered_at
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge(self.gold.ids, self.gold[0])
        self.commit()
        self.env.invalidate_all()
        for each in rule + first + second:
            self.assertEqual(self.inside(each), self.gold[0])
        self.assertEqual(second.member_ids.entered_at, entered)

    def test_partner_shows_its_audiences(self):
        rule = self.rule()
        self.assertEqual(self.gold[0].ac_audience_member_ids.rule_id, rule)
        self.assertFalse(self.iron[0].ac_audience_member_ids)

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


@tagged("post_install", "-at_install")
class TestAudienceAutomations(AudienceCase):
    def automations(self, partner):
        return self.facts(partner)["automations"]

    def test_who_was_there_before_the_rule_starts_nothing(self):
        rule = self.rule(enter_automation_id=self.automation.id)
        self.iron[0].ref = "gold"
        self.evaluate(rule)
        self.assertEqual(self.automations(self.gold[0]), {})
        entered = rule.member_ids.filtered(lambda m: m.partner_id == self.iron[0])
        (entry,) = self.automations(self.iron[0]).items()
        moment = entered.entered_at.isoformat(timespec="microseconds")
        self.assertEqual(entry, (self.automation.remote_id, f"{moment}Z"))

    def test_include_existing_starts_for_those_inside_too(self):
        self.rule(enter_automation_id=self.automation.id, include_existing=True)
        self.assertEqual([*self.automations(self.gold[0])], [self.automation.remote_id])
        self.assertEqual(self.automations(self.iron[0]), {})

    def test_later_choices_start_nothing_for_those_inside(self):
        rule = self.rule()
        rule.write(
            {"enter_automation_id": self.automation.id, "include_existing": True}
        )
        self.evaluate(rule)
        self.assertEqual(self.automations(self.gold[0]), {})

    def test_entering_again_is_a_new_entry(self):
        rule = self.rule(enter_automation_id=self.automation.id, include_existing=True)
        first = self.automations(self.gold[0])
        self.evaluate(rule)
        self.assertEqual(self.automations(self.gold[0]), first)
        self.gold[0].ref = "iron"
        self.evaluate(rule)
        self.assertEqual(self.automations(self.gold[0]), {})
        self.gold[0].ref = "gold"
        self.evaluate(rule)
        second = self.automations(self.gold[0])
        self.assertEqual(second.keys(), first.keys())
        self.assertLess(*first.values(), *second.values())

    def test_leaving_starts_its_own_automation(self):
        rule = self.rule(leave_automation_id=self.automation.id)
        self.assertEqual(self.automations(self.gold[0]), {})
        self.gold[0].ref = "iron"
        self.evaluate(rule)
        (entry,) = self.automations(self.gold[0]).values()
        self.gold[0].ref = "gold"
        self.evaluate(rule)
        self.assertEqual(self.automations(self.gold[0]), {})
        self.gold[0].ref = "iron"
        self.evaluate(rule)
        self.assertLess(entry, *self.automations(self.gold[0]).values())

    def test_switching_off_and_on_begins_anew(self):
        rule = self.rule(enter_automation_id=self.automation.id, include_existing=True)
        rule.active = False
        self.evaluate(rule)
        rule.write({"active": True, "include_existing": False})
        self.evaluate(rule)
        self.assertEqual(self.inside(rule), self.gold)
        self.assertEqual(self.automations(self.gold[0]), {})

    def test_automation_once_per_entry_over_there(self):
        rule = self.rule(enter_automation_id=self.automation.id, include_existing=True)
        self.run_jobs()
        self.assertEqual(self.entries_over_there(self.gold[0]), 1)
        self.gold[0].phone = "+1 555 0101"
        self.run_jobs()
        self.assertEqual(self.entries_over_there(self.gold[0]), 1)
        for ref in ("iron", "gold"):
            self.gold[0].ref = ref
            self.evaluate(rule)
            self.run_jobs()
        self.assertEqual(self.entries_over_there(self.gold[0]), 2)
        self.assertEqual(self.entries_over_there(self.iron[0]), 0)

    def entries_over_there(self, partner):
        """Return how often the partner's contact has entered the automation."""
        id_ = str(self.simulator.contacts()[partner.email]["id"])
        entries = self.simulator.state()["contactAutomations"].values()
        return sum(str(entry["contact"]) == id_ for entry in entries)


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
