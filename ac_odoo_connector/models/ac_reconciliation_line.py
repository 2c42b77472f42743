# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

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
    _inherit = "ac.difference.mixin"
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
