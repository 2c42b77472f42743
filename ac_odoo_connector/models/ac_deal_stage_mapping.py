# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError

OPEN, WON, LOST = "0", "1", "2"  # OAS create-a-deal-new: status
OLD_WORDS = {"done": "locked"}
"""A locked order was a state of its own until Odoo 17."""


class AcDealStageMapping(models.Model):
    """Where an order in a state stands in ActiveCampaign's pipelines.

    Pipelines and stages are stored by name, so that a line can serve several accounts.
    """

    _name = "ac.deal.stage.mapping"
    _description = "ActiveCampaign Stage Mapping"
    _order = "sequence, id"

    sequence = fields.Integer(default=10, help="The first line that fits counts.")
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
            ("locked", "Locked Order"),
            ("cancel", "Cancelled"),
        ],
        required=True,
        help="“Sales Order” fits locked orders, too, unless a line for them comes first.",
    )
    order_domain = fields.Char(
        "Only Orders",
        default="[]",
        required=True,
        help="Only orders that pass this filter; the others go on to the next line.",
    )
    action = fields.Selection(
        [("move", "Move the deal"), ("ignore", "Ignore the order")],
        required=True,
        default="move",
        help="An ignored order gets no deal; a deal that it has is left as it is.",
    )
    pipeline = fields.Char(help="Name in ActiveCampaign; empty: the first pipeline.")
    stage = fields.Char(
        help="Name in ActiveCampaign; empty: the deal stays where it is."
    )
    status = fields.Selection(
        [(OPEN, "Open"), (WON, "Won"), (LOST, "Lost")], required=True, default=OPEN
    )
    tag = fields.Char(
        "Contact Tag",
        help="Tag of the customer as long as an order is here. The connector sets it and "
        "takes it away again.",
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
        help="What happens to the order when somebody moves its deal here.",
    )

    @api.depends("order_state", "pipeline", "stage", "status")
    def _compute_display_name(self):
        states = dict(self._fields["order_state"]._description_selection(self.env))
        statuses = dict(self._fields["status"]._description_selection(self.env))
        for row in self:
            place = " › ".join(part for part in (row.pipeline, row.stage) if part)
            there = place or statuses.get(row.status, "")
            row.display_name = f"{states.get(row.order_state, '…')} → {there}"

    @api.constrains("order_domain")
    def _check_order_domain(self):
        for row in self:
            try:
                self.env["sale.order"].search(row._domain(), limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._("“%s” is not a valid filter.", row.order_domain)
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([self._with_names(vals) for vals in vals_list])
        self.env.registry.clear_cache()  # what marks an order
        return rows

    def write(self, vals):
        result = super().write(self._with_names(vals))
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _with_names(self, vals):
        """Store a chosen pipeline and stage by name, and today's words for states."""
        vals = dict(vals)
        entries = self.env["ac.metadata"]
        if entry := entries.browse(vals.pop("pipeline_id", None) or []):
            vals["pipeline"] = entry.name
        if entry := entries.browse(vals.pop("stage_id", None) or []):
            vals["stage"] = entry.name
        if state := vals.get("order_state"):
            vals["order_state"] = OLD_WORDS.get(state, state)
        return vals

    def _domain(self):
        return ast.literal_eval(self.order_domain or "[]")

    def _fitting(self, orders):
        """Return those of `orders` that the line is for; one query at most."""
        self.ensure_one()
        if self.order_state == "locked":
            orders = orders.filtered(lambda o: o.state == "sale" and o.locked)
        else:
            orders = orders.filtered(lambda o: o.state == self.order_state)
        if orders and (domain := self._domain()):
            orders = orders.search([("id", "in", orders.ids), *domain])
        return orders

    @api.model
    def _of(self, config):
        """Return the lines that count for an account, in their order; the engine's own
        environments see archived records, too."""
        return self.search(
            [("config_id", "in", (False, config.id)), ("active", "=", True)]
        )
