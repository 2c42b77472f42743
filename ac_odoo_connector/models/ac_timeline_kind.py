# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AcTimelineKind(models.Model):
    """A kind of note on the timeline, so that an account can do without it."""

    _name = "ac.timeline.kind"
    _description = "ActiveCampaign Kind of Note"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_timeline_kind_code "
            "ON ac_timeline_kind (code)"
        )
