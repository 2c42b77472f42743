# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Audience rules: broken, changed, switched off, deleted, evaluated by two."""

from concurrent.futures import ThreadPoolExecutor

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.marks import fetch_marks
from ..engine.transaction import transaction
from ..mapping.registry import OBJECTS
from .audience_case import GOLD, AudienceCase


@tagged("post_install", "-at_install")
class TestAudienceRules(AudienceCase):
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
        self.cr.execute("DELETE FROM queue_job")
        rule.unlink()
        self.assertFalse(self._waiting_jobs())

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
