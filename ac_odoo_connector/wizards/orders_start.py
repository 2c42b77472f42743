# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class AcOrdersStart(models.TransientModel):
    """The question before the orders of the past are sent."""

    _name = "ac.orders.start"
    _inherit = "ac.own.account"
    _description = "ActiveCampaign: Synchronise Orders"

    config_id = fields.Many2one("ac.odoo.config", "Account", required=True)
    order_count = fields.Integer("Orders in Scope", compute="_compute_order_count")
    start_automations = fields.Boolean(
        help="Orders of the past may start automations of ActiveCampaign, e.g. a thank "
        "you for each. Off, nobody is written to because of this run.",
    )

    @api.depends("config_id")
    def _compute_order_count(self):
        for wizard in self:
            wizard.config_id.check_access("read")
            config = wizard.config_id.sudo()
            rows = [row for row in config._objects() if row.model == "sale.order"]
            orders = config.env["sale.order"].with_context(active_test=True)
            domain = rows and config._load_domain(rows[0])
            wizard.order_count = orders.search_count(domain) if rows else 0

    def action_start(self):
        """Start the run over the orders in scope and show it."""
        config = self.config_id
        config._check_operator()
        names = config._order_objects()
        run = config._run_of(names, exclude_automations=not self.start_automations)
        return config._opened_run(run)
