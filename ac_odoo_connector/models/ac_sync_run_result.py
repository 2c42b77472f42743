# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import comparison, marks, outbox
from ..engine.background import enqueue, told

SILENCE = timedelta(seconds=outbox.LEASE_SECONDS + 60)
"""After a lease and one turn of the outbox cron somebody else has gone on."""
REFUSED = ("failed", "dead")
BUDGET_SECONDS = 50
NOT_COMPARED = {
    "comparing": False,
    "compare_cursor": 0,
    "compare_linked": 0,
    "compare_held": 0,
    "compare_missing": False,
    "compare_problem": False,
    "compared_at": False,
}


class AcSyncRun(models.Model):
    """What people see and do while a run goes on, and when it has ended."""

    _inherit = "ac.sync.run"

    is_stale = fields.Boolean(
        compute="_compute_is_stale",
        help="No worker has reported for minutes; the outbox cron goes on with it.",
    )
    shown_state = fields.Selection(
        [
            ("running", "Running"),
            ("stale", "Stale"),
            ("paused", "Paused"),
            ("done", "Done"),
            ("stopped", "Stopped"),
        ],
        string="Progress State",
        compute="_compute_is_stale",
    )
    account_problem = fields.Char(related="config_id.problem")
    refused_ids = fields.One2many(
        "ac.binding",
        "run_id",
        string="Refused Records",
        domain=[("state", "in", REFUSED)],
        readonly=True,
    )
    refused_now = fields.Integer("Still Refused", compute="_compute_now")
    mended = fields.Integer("Mended Since", compute="_compute_now")
    skip_summary = fields.Text("Skipped, by Reason", compute="_compute_now")
    comparing = fields.Boolean(readonly=True, copy=False)
    compared_at = fields.Datetime(readonly=True, copy=False)
    compare_cursor = fields.Integer(readonly=True, copy=False)
    compare_linked = fields.Integer("Linked in Odoo", readonly=True, copy=False)
    compare_held = fields.Integer("Held by ActiveCampaign", readonly=True, copy=False)
    compare_missing = fields.Json(readonly=True, copy=False)
    compare_problem = fields.Char(readonly=True, copy=False)
    missing_count = fields.Integer(compute="_compute_missing_count")

    @api.depends("state", "binding_ids.state")
    def _compute_is_stale(self):
        stale = self._stale_ids()
        for run in self:
            run.is_stale = run.id in stale
            run.shown_state = "stale" if run.is_stale else run.state

    def _stale_ids(self):
        """Return the ids of running runs whose worker is gone; one query.

        A lease that has ended says so at once; where nothing is claimed, a long
        silence does. What AC works on by itself (*sent*) is no silence of ours.
        """
        running = self.filtered(lambda run: run.state == "running")
        self.flush_model(["state", "started_at"])
        self.env["ac.binding"].flush_model(["state", "run_id", "claim"])
        self.env.cr.execute(
            SQL(
                """
                SELECT r.id FROM ac_sync_run r JOIN ac_binding b ON b.run_id = r.id
                WHERE r.id = ANY(%(ids)s)
                GROUP BY r.id, r.started_at
                HAVING bool_or(b.state = 'sending' AND b.claimed_until < %(now)s)
                OR bool_or(b.state = 'pending')
                    AND NOT bool_or(b.claim IS NOT NULL AND b.claimed_until >= %(now)s)
                    AND GREATEST(r.started_at, MAX(b.write_date)) < %(now)s - %(silence)s
                """,
                ids=running.ids,
                now=marks.NOW,
                silence=SILENCE,
            )
        )
        return {id_ for (id_,) in self.env.cr.fetchall()}

    @api.depends("failed", "state", "binding_ids.state")
    def _compute_now(self):
        """What the records of the run are now; a few queries for all runs."""
        refused, reasons = {}, {}
        for run, state, reason, count in self.env["ac.binding"]._read_group(
            [("run_id", "in", self.ids), ("state", "in", [*REFUSED, "skipped"])],
            ["run_id", "state", "skip_reason"],
            ["__count"],
        ):
            if state == "skipped":
                reasons.setdefault(run, []).append((count, reason))
            else:
                refused[run] = refused.get(run, 0) + count
        for run in self:
            run.refused_now = refused.get(run, 0)
            run.mended = max(0, run.failed - run.refused_now)
            run.skip_summary = run._in_lines(reasons.get(run, ()))

    def _in_lines(self, counted):
        labels = dict(
            self.env["ac.binding"]
            ._fields["skip_reason"]
            ._description_selection(self.env)
        )
        return "\n".join(
            f"{labels.get(reason, reason)}: {count}"
            for count, reason in sorted(counted, key=lambda pair: -pair[0])
        )

    @api.depends("compare_missing")
    def _compute_missing_count(self):
        for run in self:
            run.missing_count = max(0, run.compare_linked - run.compare_held)

    # Retry ------------------------------------------------------------------------

    def action_retry_failed(self):
        """Send exactly the refused records of the run once more."""
        self.ensure_one()
        self.config_id._check_operator()
        return self.sudo()._mark_again(SQL("b.state = ANY(%s)", list(REFUSED)))

    def action_send_missing(self):
        """Send what ActiveCampaign does not hold any more once more."""
        self.ensure_one()
        self.config_id._check_operator()
        missing = self.sudo().compare_missing or []
        which = SQL("b.id = ANY(%s)", missing)
        self.env.cr.execute(
            SQL(
                """
                UPDATE ac_binding b SET remote_id = NULL, fingerprint = NULL, sent = NULL
                WHERE %s
                """,
                which,
            )
        )
        return self.sudo()._mark_again(which)

    def _mark_again(self, which):
        """Mark records of the run anew and open it again; one statement per object."""
        if self.config_id.state != "confirmed":
            raise UserError(self.env._("Connect the account first."))
        for synced_object in self.config_id._objects():
            query = self._query_of(synced_object, which)
            marks.mark_query(self.config_id, synced_object, query, self)
        if self.state != "paused":
            values = {"state": "running", "finished_at": False, "final_counts": False}
            self.write({**values, **NOT_COMPARED})
            self._restart_clock()
        self.config_id._enqueue("run")
        self.env["ac.first.load"]._run_goes_on(self)
        return True

    def _query_of(self, synced_object, which):
        """Return the query of the run's own records of one object."""
        model = self.env[synced_object.model].with_context(active_test=False)
        query = model._search([])
        query.add_where(
            SQL(
                """%s.id IN (SELECT b.res_id FROM ac_binding b
                    WHERE b.run_id = %s AND b.object = %s AND %s)""",
                SQL.identifier(model._table),
                self.id,
                synced_object.name,
                which,
            )
        )
        return query

    # Compare with ActiveCampaign ---------------------------------------------------

    def action_compare(self):
        """Count in the background which linked contacts and products AC holds."""
        self.ensure_one()
        self.config_id._check_operator()
        if self.config_id.state != "confirmed":
            raise UserError(self.env._("Connect the account first."))
        self.sudo().write({**NOT_COMPARED, "comparing": True})
        self._enqueue_compare()
        return True

    def _enqueue_compare(self):
        enqueue(self.with_user(SUPERUSER_ID), "_job_compare", priority=15)

    def _job_compare(self):
        """Ask for 100 links at a time until all are counted."""
        with told(self, "compare_problem", {"comparing": False}):
            if comparison.go_on(self, BUDGET_SECONDS):
                self._enqueue_compare()

    def action_open_missing(self):
        """List the links whose object ActiveCampaign does not hold any more."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_binding"
        )
        action["domain"] = [("id", "in", self.compare_missing or [])]
        return action
