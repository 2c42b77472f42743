# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models

from ..engine.breaker import LONGEST_PAUSE

STATES = [("closed", "Flowing"), ("open", "Paused"), ("half_open", "Being Tried")]
MOST_DOUBLED = 10


class AcBreaker(models.Model):
    """Whether calls of an account may leave; see `engine.breaker`, which alone writes.

    A table of its own: the account itself is what people edit.
    """

    _name = "ac.breaker"
    _description = "ActiveCampaign Breaker"
    _rec_name = "config_id"
    _log_access = False

    config_id = fields.Many2one("ac.odoo.config", required=True, ondelete="cascade")
    state = fields.Selection(STATES, required=True, default="closed")
    reason = fields.Char()
    until = fields.Datetime(help="When it is tried again; empty: when the key changes.")
    opened_at = fields.Datetime()
    closed_at = fields.Datetime()
    openings = fields.Integer(help="In a row, without a quiet time between them.")
    refused = fields.Char(
        groups="ac_odoo_connector.group_manager",
        help="What tells whether the key is still the refused one.",
    )

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_breaker_config "
            "ON ac_breaker (config_id)"
        )

    def _open(self, now, reason, longest, refused):
        """Pause the account, twice as long each time in a row.

        :param longest: for the longest time at once
        :param refused: digest of the credentials that must change first, or False
        """
        openings = self._openings_with_this(now)
        doubled = 2 ** min(openings - 1, MOST_DOUBLED)
        seconds = min(self.config_id.breaker_cooldown * doubled, LONGEST_PAUSE)
        pause = timedelta(seconds=LONGEST_PAUSE if longest else seconds)
        self.write(
            {
                "state": "open",
                "reason": reason,
                "until": not refused and now + pause,
                "opened_at": self.opened_at if self.state != "closed" else now,
                "openings": openings,
                "refused": refused,
            }
        )

    def _openings_with_this(self, now):
        """Count on while it is open, or has been closed for a short time only."""
        quiet = timedelta(minutes=self.config_id.breaker_window)
        calm = self.state == "closed" and not (
            self.closed_at and self.closed_at > now - quiet
        )
        return 1 if calm else self.openings + 1

    def _close(self, now):
        self.write(
            {"state": "closed", "until": False, "closed_at": now, "refused": False}
        )
