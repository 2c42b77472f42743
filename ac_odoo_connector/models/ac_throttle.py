# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AcThrottle(models.Model):
    """When the last calls of an account have left; see `engine.throttle`."""

    _name = "ac.throttle"
    _description = "ActiveCampaign Rate Limit"
    _log_access = False

    account = fields.Char(required=True)
    kind = fields.Char(required=True)
    paused_until = fields.Datetime()

    def init(self):
        # the ORM has no field for arrays of moments
        self.env.cr.execute(
            """
            ALTER TABLE ac_throttle
                ADD COLUMN IF NOT EXISTS recent timestamp[] NOT NULL DEFAULT '{}',
                ADD COLUMN IF NOT EXISTS away timestamp[] NOT NULL DEFAULT '{}';
            CREATE UNIQUE INDEX IF NOT EXISTS ac_throttle_unique
                ON ac_throttle (account, kind);
            """
        )
