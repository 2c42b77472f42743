# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import traceback

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..activecampaign import ActiveCampaignError
from ..engine.masking import mask_text, masked
from ..engine.remedies import remedy_for
from ..engine.vault import VaultError
from ..engine.words import in_words
from .ac_error_log import UNSOLVED

_lt = LazyTranslate(__name__)
ONE_ENTRY = 5550126  # half a lock: workers must not both make an account's entry
JOBS = {
    "push": ("push", _lt("Send what was saved")),
    "run": ("push", _lt("Send in batches")),
    "collect": ("push", _lt("Confirm imports")),
    "options": ("push", _lt("Create options of fields")),
    "probe": ("push", _lt("Ask whether it answers again")),
    "farewell": ("push", _lt("Clean up over there")),
    "webhook": ("push", _lt("Set up the webhook")),
    "verify": ("pull", _lt("Look after the webhook")),
    "inbox": ("pull", _lt("Apply events")),
    "metadata": ("pull", _lt("Refresh metadata")),
    "poll_contacts": ("pull", _lt("Ask for contacts")),
    "poll_lists": ("pull", _lt("Ask who left a list")),
    "poll_deals": ("pull", _lt("Ask for deals")),
    "poll_activities": ("pull", _lt("Ask for opens and clicks")),
    "reconcile": ("pull", _lt("Reconcile")),
    "audit": ("pull", _lt("Audit")),
}
"""Jobs of an account: their direction, and what they are doing, for people."""


class AcErrorLog(models.Model):
    """How errors are written down, counted and solved.

    All of it happens in transactions that survive the failed work: that in which a link
    or an event is settled, or one of its own.
    """

    _inherit = "ac.error.log"

    @api.model
    def _record_outcomes(self, outcomes):
        """Note what was not sent, and solve the errors of what was.

        :param outcomes: list of `engine.outbox.Outcome`, settled
        """
        over = ("synced", "skipped", "gone")
        self._solve("binding_id", [o.binding for o in outcomes if o.state in over])
        failed = {o.binding: o for o in outcomes if o.state == "failed"}
        links = self.env["ac.binding"].browse(failed).exists()
        self._note([self._link_values(link, failed[link.id]) for link in links])

    @api.model
    def _record_events(self, outcomes):
        """Note what was not applied, and solve the errors of what was.

        :param outcomes: list of `engine.inbox.Outcome`, settled
        """
        over = ("done", "ignored", "waiting")
        self._solve("event_id", [o.event for o in outcomes if o.state in over])
        failed = {o.event: o for o in outcomes if o.state == "failed"}
        if not failed:
            return
        events = self.env["ac.event"].browse(failed)
        records = events._records()
        self._note(
            [self._event_values(e, failed[e.id], records.get(e, e)) for e in events]
        )

    @api.model
    def _record_config(self, config, error, job=None):
        """Note what stops a whole account, or one of its jobs."""
        direction, words = JOBS.get(job, (False, _lt("Connection")))
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", (ONE_ENTRY, config.id)
        )
        self._note(
            [
                {
                    "config_id": config.id,
                    "direction": direction,
                    "operation": self.env._(words),
                    "job": job,
                    **self._error_values(error),
                }
            ]
        )

    @api.model
    def _record_on(self, record, error=None, job=None, **values):
        """Note what went wrong with a run, a reconciliation or the like.

        :param values: ``code`` and ``message`` where there is no exception
        """
        self._note(
            [
                {
                    "config_id": record.config_id.id,
                    "direction": JOBS[job][0] if job else "push",
                    "operation": record._description,
                    "job": job,
                    "run_id": record.id if record._name == "ac.sync.run" else False,
                    **self._record_values(record),
                    **self._error_values(error, **values),
                }
            ]
        )

    # What is solved ---------------------------------------------------------------

    @api.model
    def _solve(self, column, ids):
        """Solve the errors of links or events; one statement."""
        if ids:
            self._change("solved", {column: ids})

    @api.model
    def _solve_job(self, config, job):
        """A job of an account went well. What has a record is solved by that."""
        self._change(
            "solved", {"config_id": config.ids, "job": [job]}, "res_model IS NULL"
        )

    @api.model
    def _solve_records(self, config, model, ids=()):
        """Runs, reconciliations and the like of an account go well again; `ids` if only
        some of them."""
        where = {"config_id": config.ids, "res_model": [model]}
        self._change("solved", {**where, "res_id": ids} if ids else where)

    @api.model
    def _let_go(self, links):
        """Nothing is left to send for links that are about to be deleted."""
        self._change("ignored", {"binding_id": links.ids})

    def _change(self, state, where, also="TRUE"):
        columns = " AND ".join(f"{column} = ANY(%({column})s)" for column in where)
        self.flush_model()
        # pylint: disable-next=sql-injection
        self.env.cr.execute(
            f"UPDATE ac_error_log SET state = %(state)s, "
            f"write_date = now() AT TIME ZONE 'UTC' "
            f"WHERE state IN %(unsolved)s AND {columns} AND {also}",
            {"state": state, "unsolved": UNSOLVED, **where},
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["state", "write_date"], flush=False)

    # What is written --------------------------------------------------------------

    def _note(self, entries):
        """Create entries; one that says what an unsolved one says is counted there.

        A constant number of queries, however many entries.
        """
        if not entries:
            return
        known = {error._same(): error for error in self._unsolved(entries)}
        new = []
        for values in entries:
            error = known.get(_sameness(values))
            if error:
                error._repeated(values)
            else:
                new.append(values)
        self.create(new)

    def _unsolved(self, entries):
        """Return the unsolved errors of the same links, events and jobs."""
        return self.search(
            [
                ("state", "in", UNSOLVED),
                ("config_id", "in", [values["config_id"] for values in entries]),
                ("message", "in", [values["message"] for values in entries]),
                ("binding_id", "in", [e.get("binding_id", False) for e in entries]),
                ("event_id", "in", [e.get("event_id", False) for e in entries]),
            ],
            order="id",
        )

    def _same(self):
        return _sameness(
            {
                "binding_id": self.binding_id.id,
                "event_id": self.event_id.id,
                "res_model": self.res_model,
                "res_id": self.res_id,
                "message": self.message,
            }
        )

    def _repeated(self, values):
        """Count a repetition; what somebody ignores stays ignored. Name and run are the
        first: the record may have been deleted since, and the run has ended."""
        state = values.get("state", "open")
        self.write(
            {
                **values,
                "record_name": self.record_name or values.get("record_name"),
                "run_id": self.run_id.id or values.get("run_id"),
                "count": self.count + 1,
                "last_seen": fields.Datetime.now(),
                "state": "ignored" if self.state == "ignored" else state,
            }
        )

    @api.model
    def _link_values(self, link, outcome):
        labels = dict(link._fields["object"]._description_selection(self.env))
        return {
            "config_id": link.config_id.id,
            "binding_id": link.id,
            "run_id": False if link.run_id.final_counts else link.run_id.id,
            "direction": "push",
            "operation": self.env._("Send: %s", labels[link.object]),
            "tries": link.tries,
            "state": "dead" if link.state == "dead" else "open",
            "payload": outcome.payload and masked(outcome.payload),
            **self._record_values(link._record(), link.display_name),
            **self._error_values(outcome.error, outcome.message),
        }

    @api.model
    def _event_values(self, event, outcome, record):
        return {
            "config_id": event.config_id.id,
            "event_id": event.id,
            "direction": "pull",
            "operation": self.env._("Apply: %s", event.type),
            "tries": event.tries,
            "state": "dead" if event.state == "dead" else "open",
            "payload": event.payload and masked(event.payload),
            **self._record_values(record),
            **self._error_values(outcome.error, outcome.message),
        }

    @api.model
    def _record_values(self, record, name=None):
        return {
            "res_model": record._name,
            "res_id": record.id,
            "record_name": mask_text(name or record.display_name),
        }

    @api.model
    def _error_values(self, error, message=None, code=None):
        """Return what happened and what to do; the trace holds code places, no values.

        :param message: of what is no exception, or in better words than its own
        """
        row = remedy_for(error, code)
        said = mask_text(getattr(error, "text", ""))
        words = row.happened and self.env._(row.happened)
        if isinstance(error, ActiveCampaignError):
            words = ": ".join(part for part in (words, said) if part)
        else:
            words = message or words
        return {
            "status": getattr(error, "status", 0) or 0,
            "code": code or getattr(error, "code", False),
            "remote_text": said,
            "message": mask_text(words or _own_words(error)),
            "hint": self.env._(row.advice),
            "trace": error and _trace(error),
        }


def _sameness(values):
    """Return what two entries have in common when they tell of the same."""
    names = ("binding_id", "event_id")
    ids = [values.get(name) or 0 for name in names]
    # without either, an entry belongs to a run or the like, or to the account
    of = [values.get(name) or 0 for name in ("res_model", "res_id")]
    return (*ids, *([] if any(ids) else of), values["message"])


def _own_words(error):
    if isinstance(error, UserError | VaultError):
        return str(error.args[0])
    return in_words(error)


def _trace(error):
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
    method, path = getattr(error, "method", ""), getattr(error, "path", "")
    request = f"{method} {path}\n" if path else ""
    return "".join([request, *frames, type(error).__name__])
