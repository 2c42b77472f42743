# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import retention

LONGEST = 3650
DAYS = ("payload_days", "event_days", "log_days", "run_days", "trail_days")
SHORTEST_TRAIL = 90


class AcOdooConfig(models.Model):
    """How long what piles up is kept; `engine.retention` says what goes when."""

    _inherit = "ac.odoo.config"

    payload_policy = fields.Selection(
        [
            ("drop", "Drop it after some days"),
            ("keep", "Keep it as long as the event"),
        ],
        "Content of Events",
        default="drop",
        required=True,
        tracking=True,
        help="What ActiveCampaign sends names people. The event itself stays: what "
        "happened, when, to whom.",
    )
    payload_days = fields.Integer(
        "Days of Content",
        default=90,
        required=True,
        tracking=True,
        help="Events whose content was dropped cannot be replayed.",
    )
    event_days = fields.Integer(
        "Days of Events",
        default=365,
        required=True,
        tracking=True,
        help="Notes on timelines and the counts of engagement stay.",
    )
    log_days = fields.Integer(
        "Days of Logs",
        default=30,
        required=True,
        tracking=True,
        help="Errors that are solved or ignored, reconciliations, use of the API.",
    )
    run_days = fields.Integer(
        "Days of Runs",
        default=180,
        required=True,
        tracking=True,
        help="Runs that no link names any more, audits, alerts and settled conflicts. "
        "The last run over each kind of object stays.",
    )

    trail_days = fields.Integer(
        "Days of the Audit Trail",
        default=1095,
        required=True,
        tracking=True,
        help="Who changed which setting, tested, exported or erased; at least 90.",
    )

    @api.constrains("trail_days")
    def _check_trail_days(self):
        """:raise ValidationError: somebody could hide what they have just done"""
        if any(config.trail_days < SHORTEST_TRAIL for config in self):
            raise ValidationError(
                self.env._(
                    "The audit trail has to be kept for at least %s days.",
                    SHORTEST_TRAIL,
                )
            )

    @api.constrains("payload_policy", *DAYS)
    def _check_days(self):
        for config in self:
            for name in DAYS:
                config._check_days_of(name)
            drops = config.payload_policy == "drop"
            if drops and config.event_days < config.payload_days:
                raise ValidationError(
                    self.env._(
                        "Events must be kept at least as long as their content: for "
                        "%s days.",
                        config.payload_days,
                    )
                )

    def _check_days_of(self, name):
        if not 1 <= self[name] <= LONGEST:
            raise ValidationError(
                self.env._(
                    "“%(setting)s” must be between a day and ten years (%(days)s).",
                    setting=self._fields[name]._description_string(self.env),
                    days=LONGEST,
                )
            )

    def _remembers_since(self):
        """Return the moment before which events may have been forgotten: what happened
        earlier must not be heard as if it were new."""
        return fields.Datetime.now() - timedelta(days=self.event_days)

    @api.model
    def _cron_forget(self):
        """Delete what is older than the accounts want it kept, also of those that are
        not connected any more; go on at once where there is much of it."""
        if self._all_stopped():
            return
        self.env["ac.error.log"]._forget_knocks()
        if retention.purge(self.env):
            self.env.ref("ac_odoo_connector.cron_forget")._trigger()
