# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Audience rules: an automation is entered once per entry."""

import time

from odoo.tests import tagged

from .audience_case import AudienceCase


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
        time.sleep(1.1)  # ActiveCampaign tells moments by the second
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
