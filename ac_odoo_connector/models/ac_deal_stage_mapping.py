# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

OPEN, WON, LOST = "0", "1", "2"  # OAS create-a-deal-new: status


class AcDealStageMapping(models.Model):
    """Where an order in a state stands in ActiveCampaign's pipelines."""

    _name = "ac.deal.stage.mapping"
    _description = "ActiveCampaign Stage Mapping"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        ondelete="cascade",
        help="Empty: for every account.",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    order_state = fields.Selection(
        [
            ("draft", "Quotation"),
            ("sent", "Quotation Sent"),
            ("sale", "Sales Order"),
            ("cancel", "Cancelled"),
        ],
        required=True,
    )
    pipeline = fields.Char(help="Name in ActiveCampaign; empty: the first pipeline.")
    stage = fields.Char(
        help="Name in ActiveCampaign; empty: the deal stays where it is."
    )
    status = fields.Selection(
        [(OPEN, "Open"), (WON, "Won"), (LOST, "Lost")], required=True, default=OPEN
    )
