# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..activecampaign import SkippableError
from ..engine import audit, gateway
from ..engine.transaction import transaction
from ..engine.walks import RepeatedPage
from ..engine.words import in_words
from .ac_odoo_config_jobs import BUDGET_SECONDS

LOCK = 20272  # any number of its own: the first half of the advisory lock's key
LARGEST_SAMPLE = 500


class AcOdooConfig(models.Model):
    """Audits of an account, by day and by button."""

    _inherit = "ac.odoo.config"

    audit_daily = fields.Boolean(
        "Audit Every Day",
        default=True,
        tracking=True,
        help="Odoo counts and adds up both sides and compares a random sample; nothing "
        "is changed by it.",
    )
    audit_sample = fields.Integer(
        "Records per Object",
        default=50,
        required=True,
        tracking=True,
        help="So many contacts, companies, deals, orders and products are drawn by lot "
        "and compared value by value. A contact costs one request, a company or deal "
        "two. 0: only numbers.",
    )
    audit_ids = fields.One2many("ac.audit.run", "config_id", readonly=True)
    audited_at = fields.Datetime("Last Audit", compute="_compute_audit")
    audit_result = fields.Selection(
        [("equal", "Both sides are equal"), ("different", "There are differences")],
        "Result of the Last Audit",
        compute="_compute_audit",
    )

    @api.depends("audit_ids.state", "audit_ids.result")
    def _compute_audit(self):
        for config in self:
            last = config.audit_ids.search(
                [("config_id", "=", config.id), ("state", "=", "done")], limit=1
            )
            config.audited_at = last.finished_at
            config.audit_result = last.result

    @api.constrains("audit_sample")
    def _check_audit_sample(self):
        """:raise ValidationError: a sample of nonsense"""
        if any(not 0 <= config.audit_sample <= LARGEST_SAMPLE for config in self):
            raise ValidationError(
                self.env._(
                    "A sample has between 0 and %s records of each object.",
                    LARGEST_SAMPLE,
                )
            )

    def action_audit(self):
        """Audit the account now, in the background; show how far it is.

        :raise UserError: the account is not connected
        """
        self.ensure_one()
        self._check_operator()
        if self.state != "confirmed":
            raise UserError(self.env._("Connect the account first."))
        if self._is_stopped():
            raise UserError(self.place_problem)
        run = self.env["ac.audit.run"].sudo()._start(self)
        self._enqueue("audit")
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "views": [(False, "form")],
        }

    def action_view_audits(self):
        """Open the audits of this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_audit_run"
        )
        return {**action, "domain": [("config_id", "=", self.id)], "context": {}}

    @api.model
    def _cron_audit(self):
        """Audit every account that wants it."""
        for config in self._confirmed().filtered("audit_daily"):
            with suppress(UserError):  # somebody is faster: all the better
                self.env["ac.audit.run"]._start(config)
            config._enqueue("audit")

    def _job_audit(self):
        """Go on with the audit that is under way."""
        with self._border("audit"):
            if self._may_audit() and self._audit():
                self._enqueue("audit")

    def _may_audit(self):
        """Whether no other worker is at it; holds until the job ends."""
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCK, self.id))
        return self.env.cr.fetchone()[0]

    def _audit(self):
        """Take steps until the budget is used up; return whether there is more."""
        end = time.monotonic() + BUDGET_SECONDS
        try:
            with gateway.open_client(self) as client:
                while audit.step(self, client):
                    if time.monotonic() > end:
                        return True
        except RepeatedPage:
            again = self.env._("ActiveCampaign sent the same page twice.")
            self._audit_failed(again)
        except SkippableError as error:  # refused once, refused for ever
            self._audit_failed(in_words(error))
        return False

    def _audit_failed(self, message):
        with transaction(self.env) as env:
            env["ac.audit.run"]._running(self)._finish("failed", message)
