# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime, mute_logger


class AcComparisonMixin(models.AbstractModel):
    """A comparison of both sides of an account that goes on page by page, and says how
    far it is; at most one of a kind is under way."""

    _name = "ac.comparison.mixin"
    _description = "ActiveCampaign: Comparison of Both Sides"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    state = fields.Selection(
        [
            ("running", "Under Way"),
            ("done", "Done"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
        ],
        required=True,
        default="running",
        readonly=True,
    )
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    position = fields.Json(readonly=True, groups="ac_odoo_connector.group_operator")
    message = fields.Char("What Went Wrong", readonly=True)

    def init(self):
        if self._abstract:
            return
        table = SQL.identifier(self._table)
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s t SET state = 'failed',
                    finished_at = now() AT TIME ZONE 'UTC' WHERE state = 'running'
                    AND EXISTS (SELECT 1 FROM %(table)s newer WHERE newer.id > t.id
                        AND newer.state = 'running' AND newer.config_id = t.config_id);
                CREATE UNIQUE INDEX IF NOT EXISTS %(index)s
                    ON %(table)s (config_id) WHERE state = 'running'
                """,
                table=table,
                index=SQL.identifier(f"{self._table}_running"),
            )
        )

    @api.depends("started_at")
    def _compute_display_name(self):
        for comparison in self:
            comparison.display_name = format_datetime(self.env, comparison.started_at)

    @api.model
    def _running(self, config):
        return self.search(
            [("config_id", "=", config.id), ("state", "=", "running")], limit=1
        )

    @contextmanager
    def _alone(self):
        """:raise UserError: another one has begun at the same moment"""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                yield
        except UniqueViolation as error:
            raise UserError(
                self.env._("Somebody else has just begun one: see the newest.")
            ) from error
