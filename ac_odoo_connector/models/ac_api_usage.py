# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import usage


class AcApiUsage(models.Model):
    """The calls of an account in one minute, by kind; see `engine.usage`, which alone
    writes."""

    _name = "ac.api.usage"
    _description = "ActiveCampaign API Usage"
    _order = "minute desc, kind"
    _rec_name = "kind"
    _log_access = False

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    minute = fields.Datetime(required=True, readonly=True)
    kind = fields.Char("What For", required=True, readonly=True)
    calls = fields.Integer("Requests", readonly=True)
    errors = fields.Integer(
        "Without Success",
        readonly=True,
        help="Refused, failed or never answered. A request that is repeated counts "
        "each time.",
    )
    failures = fields.Integer(
        readonly=True,
        help="Those that speak against the account itself: no answer, or an error of "
        "the server. They pause the account when they are too many.",
    )
    forgiven = fields.Integer(
        readonly=True, help="Failures before the account answered again."
    )
    total_ms = fields.Integer("Milliseconds", readonly=True)
    max_ms = fields.Integer("Longest (ms)", readonly=True, aggregator="max")
    buckets = fields.Json(
        readonly=True, help="How many took how long; see `engine.usage.BOUNDS`."
    )
    average_ms = fields.Integer("Average (ms)", compute="_compute_times")
    p95_ms = fields.Integer(
        "95 % Within (ms)",
        compute="_compute_times",
        help="Nineteen of twenty requests took no longer.",
    )

    def init(self):
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS ac_api_usage_unique
                ON ac_api_usage (config_id, minute, kind);
            CREATE INDEX IF NOT EXISTS ac_api_usage_minute ON ac_api_usage (minute);
            """
        )

    @api.depends("calls", "total_ms", "max_ms", "buckets")
    def _compute_times(self):
        for row in self:
            row.average_ms = round(row.total_ms / row.calls) if row.calls else 0
            row.p95_ms = usage.percentile(row.buckets or [], 0.95, row.max_ms)
