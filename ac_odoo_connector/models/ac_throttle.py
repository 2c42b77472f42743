# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AcThrottle(models.Model):
    """When the next call of an account may leave; see `engine.throttle`."""

    _name = "ac.throttle"
    _description = "ActiveCampaign Rate Limit"
    _log_access = False

    account = fields.Char(required=True)
    kind = fields.Char(required=True)
    next_at = fields.Datetime(required=True)

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_throttle_unique "
            "ON ac_throttle (account, kind)"
        )
