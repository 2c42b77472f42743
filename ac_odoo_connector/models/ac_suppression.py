# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

REASONS = [
    ("unsubscribed", "Unsubscribed"),
    ("bounced", "Hard bounce"),
    ("complained", "Spam complaint"),
]


class AcSuppression(models.Model):
    """What ActiveCampaign's word has switched off in Odoo: an opt-out of a mailing list,
    or an entry of the blacklist. Only this is lifted when it takes its word back."""

    _name = "ac.suppression"
    _description = "Opt-Out from ActiveCampaign"
    _order = "id desc"
    _rec_name = "email"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    email = fields.Char("E-mail", required=True, readonly=True, index=True)
    kind = fields.Selection(
        [("mailing", "Opted out of a mailing list"), ("blacklist", "Blacklisted")],
        required=True,
        readonly=True,
    )
    reason = fields.Selection(REASONS, required=True, readonly=True)
    link_id = fields.Many2one(
        "ac.mailing.link", "Mailing List", readonly=True, ondelete="cascade"
    )
    # no relation: Odoo's app for mailing lists may be absent
    record = fields.Integer("Subscription or Entry", readonly=True)
    set_at = fields.Datetime(
        "Set", readonly=True, help="What was changed later is Odoo's own."
    )
    lifted_at = fields.Datetime("Lifted", readonly=True)

    def init(self):
        self.env.cr.execute(
            """
            CREATE INDEX IF NOT EXISTS ac_suppression_record
                ON ac_suppression (kind, record) WHERE lifted_at IS NULL
            """
        )
