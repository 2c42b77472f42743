# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where orders stand in the pipelines, by the lines of the stage mapping."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..mapping.deal import Stage
from .stage_case import StageCase


@tagged("post_install", "-at_install")
class TestStages(StageCase):
    def test_the_shipped_lines_work_before_anybody_has_seen_them(self):
        order = self.order()
        self.assertEqual(self.stage_of(order), Stage("1", "", 0))
        order.action_confirm()
        self.assertEqual(self.stage_of(order), Stage("1", "", 1))
        order._action_cancel()
        self.assertEqual(self.stage_of(order), Stage("1", "", 2))

    def test_proposal_is_found_where_there_is_one(self):
        proposal = self.add_stage("Proposal")
        self.assertEqual(self.stage_of(self.order()), Stage("1", proposal, 0))

    def test_the_first_line_that_fits_counts(self):
        big = self.line("draft", stage="Follow Up", sequence=1)
        big.order_domain = '[("client_order_ref", "=", "big")]'
        self.line("draft", stage="In Contact", sequence=2)
        orders = self.order(client_order_ref="big") | self.order()
        found = self.config._stages_of(orders)
        names = [self.stage_name(found[order.id]) for order in orders]
        self.assertEqual(names, ["Follow Up", "In Contact"])

    def test_locked_is_a_sale_unless_a_line_comes_first(self):
        order = self.order()
        order.action_confirm()
        order.action_lock()
        self.assertEqual(self.stage_of(order).status, 1)
        row = self.line("done", stage="Follow Up", sequence=1)
        self.assertEqual(row.order_state, "locked")
        self.assertEqual(self.stage_name(self.stage_of(order)), "Follow Up")

    def test_an_ignored_or_unmapped_state_is_a_choice(self):
        self.line("draft", action="ignore", sequence=1)
        order = self.order()
        self.assertNotIsInstance(self.stage_of(order), Stage)
        self.perform("push")
        link = self.deal(order)
        self.assertEqual((link.state, link.skip_reason), ("skipped", "no_stage"))
        self.assertIn("ignores", link.message)
        self.assertIn("all is well", link.remedy)
        self.assertFalse(self.env["ac.error.log"].search([]))
        self.env["ac.deal.stage.mapping"].search([]).active = False
        self.assertNotIn(order.id, self.config._stages_of(order))

    def test_queries_do_not_grow_with_the_orders(self):
        self.line("draft", stage="In Contact", order_domain="[('id', '>', 0)]")
        orders = self.order()
        self.config._stages_of(orders)
        self.env.invalidate_all()
        with self.counted() as one:
            self.config._stages_of(orders)
        for _each in range(5):
            orders |= self.order()
        self.commit()
        self.env.invalidate_all()
        with self.counted() as six:
            self.config._stages_of(orders)
        self.assertEqual(one(), six())

    def test_a_filter_must_be_one(self):
        with self.assertRaises(ValidationError):
            self.line("draft", order_domain="[('moon', '=', 1)]")

    def test_a_stage_deleted_over_there_is_reported_once(self):
        row = self.line("draft", pipeline="Sales", stage="In Contact", sequence=1)
        row.config_id = self.config
        self.delete_stage("In Contact")
        self.perform("metadata")
        self.perform("metadata")
        self.assertEqual(row.place_state, "missing")
        self.assertIn("missing in Test", row.place_text)
        error = self.env["ac.error.log"].search([("state", "=", "open")])
        self.assertEqual(len(error), 1)
        self.assertIn("In Contact", error.message)
        orders = self.order() | self.order()
        self.perform("push")
        for order in orders:
            link = self.deal(order)
            self.assertEqual(link.skip_reason, "no_stage")
            self.assertIn("Sales › In Contact", link.message)
        self.add_stage("In Contact")
        self.assertEqual((row.place_state, error.state), ("found", "solved"))

    def test_a_stage_renamed_over_there_keeps_its_line(self):
        row = self.line("draft", stage="In Contact", config_id=self.config.id)
        with self.client() as client:
            client.stages.update(self.stage_id("In Contact"), {"title": "Talking"})
        self.perform("metadata")
        self.assertEqual((row.stage, row.place_state), ("Talking", "found"))

    def test_a_chosen_stage_is_stored_by_name(self):
        entry = self.env["ac.metadata"].search([("name", "=", "Follow Up")])
        with Form(self.env["ac.deal.stage.mapping"]) as form:
            form.order_state = "draft"
            form.stage_id = entry
        row = self.env["ac.deal.stage.mapping"].search([], order="id desc", limit=1)
        self.assertEqual(row.stage, "Follow Up")

    def test_a_deal_stays_in_its_pipeline_where_the_line_names_none(self):
        order = self.order()
        self.linked(order, group="7", stage="70", status=0)
        order.action_confirm()
        self.assertEqual(self.stage_of(order), Stage("7", "", 1))

    def test_the_customer_has_the_tag_of_the_line(self):
        self.line("sale", status="1", tag="Buyer", sequence=1)
        order = self.order()
        self.run_jobs()
        self.assertEqual(self.tags(order), [])
        order.action_confirm()
        self.perform("push")
        self.assertEqual(self.tags(order), ["Buyer"])
        order._action_cancel()
        self.perform("push")
        self.assertEqual(self.tags(order), [])

    def test_the_proposal_reads_the_names(self):
        for name in ("Angebot", "Verhandlung", "Gewonnen", "Verloren"):
            self.add_stage(name)
        wizard = self.env["ac.stage.proposal"].create({"config_id": self.config.id})
        names = wizard.line_ids.mapped("stage_id.name")
        self.assertEqual(names, ["Angebot", "Verhandlung", "Gewonnen", "Verloren"])
        wizard.line_ids[2].when_moved = "confirm"
        wizard.action_apply()
        wizard.action_apply()
        rows = self.env["ac.deal.stage.mapping"]._of(self.config)
        mine = rows.filtered("config_id")
        self.assertEqual(mine, rows[:4])
        self.assertEqual(mine.mapped("status"), ["0", "0", "1", "2"])
        self.assertEqual(set(mine.mapped("place_state")), {"found"})

    def test_the_proposal_goes_by_the_order_of_the_stages_else(self):
        wizard = self.env["ac.stage.proposal"].create({"config_id": self.config.id})
        stages = [line.stage_id.name for line in wizard.line_ids]
        self.assertEqual(stages, ["To Contact", "In Contact", False, False])
