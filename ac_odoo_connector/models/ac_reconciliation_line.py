# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..activecampaign.pages import page_url
from ..mapping.registry import OBJECTS

KINDS = [
    ("contact_changed", "Contact changed in ActiveCampaign"),
    ("contact_new", "New contact in ActiveCampaign"),
    ("contact_unknown", "Contact unknown in Odoo"),
    ("contact_untold", "Contact lacks what Odoo has"),
    ("contact_deleted", "Contact deleted in ActiveCampaign"),
    ("list_left", "Left a list"),
    ("list_joined", "Joined a list again"),
    ("bounced", "Address bounced"),
    ("deal_moved", "Deal moved in ActiveCampaign"),
    ("deal_untold", "Deal lacks what Odoo has"),
    ("deal_deleted", "Deal deleted in ActiveCampaign"),
]


class AcReconciliationLine(models.Model):
    """One difference: the record, and what was done about it."""

    _name = "ac.reconciliation.line"
    _description = "ActiveCampaign Difference"
    _order = "id"
    _rec_name = "kind"

    reconciliation_id = fields.Many2one(
        "ac.reconciliation",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    config_id = fields.Many2one(related="reconciliation_id.config_id")
    company_id = fields.Many2one(related="reconciliation_id.company_id", store=True)
    kind = fields.Selection(KINDS, "Difference", required=True, readonly=True)
    done = fields.Selection(
        [
            ("stored", "Taken in"),
            ("told", "Told again"),
            ("known", "Only reported"),
        ],
        "What Was Done",
        readonly=True,
    )
    object = fields.Char(readonly=True)
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

    @api.depends("config_id", "object", "remote_id")
    def _compute_remote_url(self):
        for line in self:
            base, path = line.config_id.ac_base_url, OBJECTS[line.object].path
            line.remote_url = base and page_url(base, path, line.remote_id)

    def action_open_record(self):
        """Open the record in Odoo."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }


class AcReconciliationSeen(models.Model):
    """What ActiveCampaign has shown so far of a reconciliation that is under way."""

    _name = "ac.reconciliation.seen"
    _description = "ActiveCampaign Object Seen"
    _log_access = False

    reconciliation_id = fields.Many2one(
        "ac.reconciliation", required=True, ondelete="cascade"
    )
    object = fields.Char(required=True)
    remote_id = fields.Char(required=True)

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_reconciliation_seen_object "
            "ON ac_reconciliation_seen (reconciliation_id, object, remote_id)"
        )
