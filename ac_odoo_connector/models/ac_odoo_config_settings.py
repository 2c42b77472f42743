# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..mapping.registry import fingerprint

ROWS = {
    "ac.field.mapping": [],
    "ac.field.mapping.part": [],
    "ac.field.mapping.value": [],
    "ac.deal.stage.mapping": [],
    "ac.owner.mapping": [("is_chosen", "=", True)],
    "ac.team.mapping": [],
}
"""Models that decide what is sent, and which of their rows a person has made."""
SETTINGS = (
    "customer_tag",
    "lead_tag",
    "team_tag",
    "list_ids",
    "consent_mode",
    "deal_title",
    "deal_with_tax",
    "deal_cycle_days",
    "deal_secondary",
    "deal_note",
    "contact_fallback",
)
"""Settings of an account that decide the same. A wider filter is not among them: the
batch cron finds whom it lets in."""


class AcOdooConfig(models.Model):
    """Whether what was sent before still follows the settings."""

    _inherit = "ac.odoo.config"

    settings_differ = fields.Boolean(
        compute="_compute_settings_differ",
        help="The settings have changed since everything was sent last.",
    )

    @api.depends("state", "run_ids.settings", *SETTINGS)
    def _compute_settings_differ(self):
        for config in self:
            everything = [("config_id", "=", config.id), ("kind", "=", "everything")]
            run = self.env["ac.sync.run"].search(everything, limit=1)
            config.settings_differ = (
                config.state == "confirmed"
                and bool(run.settings)
                and run.settings != config._settings()
            )

    def _settings(self):
        """Return what changes when any of the settings does; one query a model."""
        own = [
            sorted(self[name].ids) if self._fields[name].relational else self[name]
            for name in SETTINGS
        ]
        rows = [
            self.env[name]
            .sudo()
            .with_context(active_test=False)
            ._read_group(domain, [], ["__count", "write_date:max"])
            for name, domain in ROWS.items()
        ]
        return fingerprint({"own": own, "rows": str(rows)})
