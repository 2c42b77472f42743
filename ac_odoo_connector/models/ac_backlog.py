# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AcBacklog(models.Model):
    """How much waited at a moment; measured every few minutes by `engine.backlog`."""

    _name = "ac.backlog"
    _description = "ActiveCampaign Backlog"
    _order = "at desc, id desc"
    _rec_name = "at"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    at = fields.Datetime("Measured", required=True, readonly=True)
    waiting = fields.Integer(
        "Waiting Records",
        readonly=True,
        aggregator="max",
        help="Records to send and events to apply; those of a run are left out.",
    )
    age = fields.Integer(
        "Seconds of the Oldest",
        readonly=True,
        aggregator="max",
        help="How long the oldest of them had waited.",
    )

    def init(self):
        self.env.cr.execute(
            "CREATE INDEX IF NOT EXISTS ac_backlog_moment ON ac_backlog (config_id, at)"
        )
