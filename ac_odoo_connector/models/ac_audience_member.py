# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class AcAudienceMember(models.Model):
    """A partner that is inside an audience rule, or was.

    Rows are written by `engine.audience`; people only read them.
    """

    _name = "ac.audience.member"
    _description = "ActiveCampaign Audience Member"
    _order = "entered_at desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    rule_id = fields.Many2one(
        "ac.audience.rule",
        string="Audience Rule",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    inside = fields.Boolean(readonly=True)
    entered_at = fields.Datetime("Entered", readonly=True)
    left_at = fields.Datetime("Left", readonly=True)
    automation_id = fields.Many2one(
        "ac.metadata",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What entering, or leaving, has started in ActiveCampaign.",
    )

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_audience_member_unique "
            "ON ac_audience_member (rule_id, partner_id)"
        )

    @api.model
    def _keep_one_per_rule(self, partners):
        """Drop what would clash when partners become one; the oldest entry stays."""
        self.env.cr.execute(
            """
            DELETE FROM ac_audience_member WHERE id IN (
                SELECT id FROM (
                    SELECT id, row_number() OVER (
                        PARTITION BY rule_id ORDER BY inside DESC, entered_at, id) AS n
                    FROM ac_audience_member WHERE partner_id = ANY(%s)
                ) same WHERE n > 1)
            """,
            (partners.ids,),
        )
        self.invalidate_model(flush=False)


class ResPartner(models.Model):
    _inherit = "res.partner"

    ac_audience_member_ids = fields.One2many(
        "ac.audience.member",
        "partner_id",
        string="ActiveCampaign Audiences",
        domain=[("inside", "=", True), ("rule_id.active", "=", True)],
        groups="ac_odoo_connector.group_user",
        help="The audience rules that the partner is inside.",
    )
