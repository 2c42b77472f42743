# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "ac.sync.mixin"]

    _ac_object = "contact"

    ac_sync_state = fields.Selection(
        selection="_selection_ac_sync_state",
        string="ActiveCampaign",
        compute="_compute_ac_sync_state",
        groups="ac_odoo_connector.group_user",
        help="The most urgent state over all ActiveCampaign accounts.",
    )
    ac_sync_message = fields.Char(
        string="ActiveCampaign Message",
        compute="_compute_ac_sync_state",
        groups="ac_odoo_connector.group_user",
    )

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:  # the people of a company carry its name
            self.child_ids._ac_mark()
        return result

    @api.model
    def _selection_ac_sync_state(self):
        return self.env["ac.binding"]._fields["state"]._description_selection(self.env)

    @api.depends("ac_binding_ids.state", "ac_binding_ids.message")
    def _compute_ac_sync_state(self):
        # one query for the page: some series lose the prefetch in sorted()
        self.ac_binding_ids.fetch(["state", "skip_reason", "message"])
        urgency = ["dead", "failed", "sending", "sent", "pending", "skipped", "synced"]
        for partner in self:
            worst = partner.ac_binding_ids.sorted(lambda b: urgency.index(b.state))[:1]
            partner.ac_sync_state = worst.state
            partner.ac_sync_message = worst._explanation() if worst else False


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    def write(self, vals):
        """A renamed tag is another tag for ActiveCampaign."""
        result = super().write(vals)
        if "name" in vals:
            self.partner_ids._ac_mark()
        return result
