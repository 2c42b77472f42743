# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import gateway, reconcile
from ..engine.transaction import transaction
from ..engine.walks import RepeatedPage
from .ac_odoo_config_jobs import BUDGET_SECONDS

LOCK = 20270  # any number: the first half of the advisory lock's key


class AcOdooConfig(models.Model):
    """Comparing both sides, by night and by button."""

    _inherit = "ac.odoo.config"

    reconcile_nightly = fields.Boolean(
        "Every Night",
        default=True,
        tracking=True,
        help="Contacts, lists and deals of ActiveCampaign are compared with their "
        "records; a hundred contacts or deals cost one request.",
    )
    reconcile_deleted = fields.Selection(
        [
            ("report", "Only report it"),
            ("again", "Make it again in ActiveCampaign"),
        ],
        "Deleted in ActiveCampaign",
        default="report",
        required=True,
        tracking=True,
        help="What becomes of a contact or deal that somebody has deleted over there.",
    )
    reconciliation_ids = fields.One2many("ac.reconciliation", "config_id")
    reconciled_at = fields.Datetime(
        "Last Reconciliation", compute="_compute_reconciled_at"
    )

    @api.depends("reconciliation_ids.state")
    def _compute_reconciled_at(self):
        last = {
            config.id: moment
            for config, moment in self.env["ac.reconciliation"]._read_group(
                [("config_id", "in", self.ids), ("state", "=", "done")],
                ["config_id"],
                ["finished_at:max"],
            )
        }
        for config in self:
            config.reconciled_at = last.get(config.id)

    def action_reconcile(self):
        """Compare both sides now, in the background; show how far it is."""
        self.ensure_one()
        self._check_operator()
        if self.state != "confirmed":
            raise UserError(self.env._("Connect the account first."))
        record = self.env["ac.reconciliation"].sudo()._start(self)
        self._enqueue("reconcile")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_view_reconciliations(self):
        """Open the reconciliations of this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_reconciliation"
        )
        return {**action, "domain": [("config_id", "=", self.id)], "context": {}}

    @api.model
    def _cron_reconcile(self):
        """Compare both sides of every account that wants it."""
        for config in self._confirmed().filtered("reconcile_nightly"):
            with suppress(UserError):  # somebody is faster: all the better
                self.env["ac.reconciliation"]._start(config)
            config._enqueue("reconcile")

    def _repeat_job(self, job):
        """Enqueue a job that failed; a reconciliation that has ended begins anew."""
        if job == "reconcile":
            with suppress(UserError):
                self.env["ac.reconciliation"]._start(self)
        self._enqueue(job)

    def _job_reconcile(self):
        """Go on with the reconciliation that is under way."""
        with self._border("reconcile"):
            if self._may_reconcile() and self._reconcile():
                self._enqueue("reconcile")

    def _may_reconcile(self):
        """Whether no other worker is at it; holds until the job ends."""
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCK, self.id))
        return self.env.cr.fetchone()[0]

    def _reconcile(self):
        """Take pages until the budget is used up; return whether there is more."""
        end = time.monotonic() + BUDGET_SECONDS
        try:
            with gateway.open_client(self) as client:
                while reconcile.step(self, client):
                    if time.monotonic() > end:
                        return True
        except RepeatedPage:
            self._reconciliation_failed()
        return False

    def _reconciliation_failed(self):
        with transaction(self.env) as env:
            words = env._(
                "ActiveCampaign sent the same page twice. What was found before it "
                "has been taken in; start the reconciliation again later."
            )
            record = env["ac.reconciliation"]._running(self)
            record._finish("failed", words)
            env["ac.error.log"]._record_on(
                record, job="reconcile", message=words, code="repeated_page"
            )
