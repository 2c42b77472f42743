# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..activecampaign.pages import page_url
from ..mapping.registry import OBJECTS


class AcDifferenceMixin(models.AbstractModel):
    """A record of Odoo and its object in ActiveCampaign; inheritors add `config_id`."""

    _name = "ac.difference.mixin"
    _description = "ActiveCampaign: Record and Object"

    object = fields.Selection(
        [(row.name, row.label) for row in OBJECTS.values()], readonly=True
    )
    remote_id = fields.Char("ActiveCampaign ID", readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", readonly=True
    )
    record_name = fields.Char("Record", compute="_compute_record_name")
    remote_url = fields.Char("In ActiveCampaign", compute="_compute_remote_url")

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for model, lines in self.grouped("res_model").items():
            records = self.env[model].with_context(active_test=False)
            seen = records.search([("id", "in", lines.mapped("res_id"))])
            names = {record.id: record.display_name for record in seen}
            for line in lines:
                line.record_name = names.get(line.res_id)

    @api.depends("object", "remote_id")
    def _compute_remote_url(self):
        for line in self:
            base, row = line.config_id.ac_base_url, OBJECTS[line.object]
            known = base and row.page and line.remote_id
            line.remote_url = known and page_url(base, row.path, line.remote_id)

    def action_open_record(self):
        """Open the record in Odoo."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
