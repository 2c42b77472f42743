# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..mapping import stage_guess

STATES = {"draft": "0", "sent": "0", "sale": "1", "cancel": "2"}
"""``{order state: status of the deal}``"""


class AcStageProposal(models.TransientModel):
    """Proposes where orders stand, by the names of an account's stages."""

    _name = "ac.stage.proposal"
    _inherit = "ac.own.account"
    _description = "Stage Mapping Proposal"

    config_id = fields.Many2one(
        "ac.odoo.config",
        "Account",
        required=True,
        ondelete="cascade",
        domain="[('state', '=', 'confirmed')]",
        default=lambda self: self.env["ac.odoo.config"]._confirmed()[:1],
    )
    pipeline_id = fields.Many2one(
        "ac.metadata",
        compute="_compute_pipeline_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('kind', '=', 'pipeline'), ('config_id', '=', config_id)]",
    )
    line_ids = fields.One2many(
        "ac.stage.proposal.line",
        "proposal_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    replaced = fields.Integer(compute="_compute_replaced")

    @api.depends("config_id")
    def _compute_pipeline_id(self):
        """The pipeline whose stages tell most; of equal ones the first."""
        for proposal in self:
            places = proposal.config_id._places()
            pipelines = places.pipelines.filtered("active")
            scored = pipelines.sorted(
                lambda p, places=places: -stage_guess.score(_names(places, p))
            )
            proposal.pipeline_id = scored[:1]

    @api.depends("pipeline_id")
    def _compute_line_ids(self):
        for proposal in self:
            stages = proposal._stages()
            guessed = stage_guess.guess(stages.mapped("name"))
            proposal.line_ids = [Command.clear()] + [
                Command.create(proposal._line(state, stages, guessed[state]))
                for state in STATES
            ]

    def _stages(self):
        """Return the stages of the pipeline in their order."""
        return self.config_id._places().of_pipeline(self.pipeline_id)

    def _line(self, state, stages, index):
        stage = stages[index] if index is not None else stages.browse()
        return {
            "order_state": state,
            "stage_id": stage.id,
            "status": STATES[state],
        }

    @api.depends("config_id")
    def _compute_replaced(self):
        rows = self.env["ac.deal.stage.mapping"]
        for proposal in self:
            of = [("config_id", "=", proposal.config_id.id)]
            proposal.replaced = rows.search_count(of)

    def action_apply(self):
        """Write the lines for the account; they come before those for every account.

        :raise UserError: the account has no pipeline
        """
        self.ensure_one()
        rows = self.env["ac.deal.stage.mapping"]
        rows.check_access("create")
        if not self.pipeline_id:
            raise UserError(
                self.env._(
                    "ActiveCampaign has no pipeline: make one there, refresh the "
                    "metadata of the account, then propose again."
                )
            )
        rows.search([("config_id", "=", self.config_id.id)]).unlink()
        rows.create([line._values(number) for number, line in enumerate(self.line_ids)])
        return self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_deal_stage_mapping"
        )


class AcStageProposalLine(models.TransientModel):
    """One proposed line."""

    _name = "ac.stage.proposal.line"
    _description = "Proposed Stage"

    proposal_id = fields.Many2one(
        "ac.stage.proposal", required=True, ondelete="cascade"
    )
    order_state = fields.Selection(
        [
            ("draft", "Quotation"),
            ("sent", "Quotation Sent"),
            ("sale", "Sales Order"),
            ("locked", "Locked Order"),
            ("cancel", "Cancelled"),
        ],
        required=True,
    )
    action = fields.Selection(
        [("move", "Move the deal"), ("ignore", "Ignore the order")],
        required=True,
        default="move",
    )
    stage_id = fields.Many2one("ac.metadata", ondelete="cascade")
    stage_ids = fields.Many2many(
        "ac.metadata", string="Stages to Choose", compute="_compute_stage_ids"
    )
    status = fields.Selection(
        [("0", "Open"), ("1", "Won"), ("2", "Lost")], required=True, default="0"
    )
    when_moved = fields.Selection(
        [
            ("nothing", "Only note it"),
            ("confirm", "Confirm the quotation"),
            ("cancel", "Cancel the order"),
        ],
        "When Moved Here in ActiveCampaign",
        required=True,
        default="nothing",
    )

    @api.depends("proposal_id.pipeline_id")
    def _compute_stage_ids(self):
        for line in self:
            line.stage_ids = line.proposal_id._stages()

    def _values(self, sequence):
        return {
            "sequence": sequence,
            "config_id": self.proposal_id.config_id.id,
            "order_state": self.order_state,
            "action": self.action,
            "pipeline": self.proposal_id.pipeline_id.name,
            "stage": self.stage_id.name,
            "status": self.status,
            "when_moved": self.when_moved,
        }


def _names(places, pipeline):
    return places.of_pipeline(pipeline).mapped("name")
