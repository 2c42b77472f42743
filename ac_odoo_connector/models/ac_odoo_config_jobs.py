# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from contextlib import contextmanager
from functools import partial

from odoo import SUPERUSER_ID, api, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..activecampaign import (
    FatalError,
    RetriableError,
    ServerError,
    UncertainOutcome,
    Unreachable,
)
from ..engine import bulk, drain, gateway, marks, metadata, push, vault
from ..engine.transaction import transaction
from ..engine.wake import identity_key
from ..engine.words import in_words

BUDGET_SECONDS = 50
"""A job hands over to the next one after this: workers have a time limit. What
people save meanwhile does not wait so long, every chunk takes it first."""
COLLECT_ROUNDS = 3
COLLECT_PAUSE_SECONDS = 10
PRIORITIES = {
    "inbox": 5,
    "webhook": 8,
    "push": 10,
    "run": 20,
    "collect": 15,
    "metadata": 30,
    "options": 30,
    "verify": 30,
    "poll_contacts": 20,
    "poll_lists": 20,
    "poll_deals": 20,
    "poll_activities": 25,
    "reconcile": 35,
    "probe": 2,
    "new_key": 2,
    "audit": 36,
    "farewell": 40,
}


PAUSE, LONGEST_PAUSE = 30, 600
OUTAGES = (Unreachable, ServerError, UncertainOutcome)
"""What is worth an entry among the errors though it is tried again by itself."""


def _bounded(seconds):
    """Never park a job for longer than ten minutes, whatever the server says.

    A job whose try does not count has no pattern: queue_job would take ten minutes.
    """
    return min(seconds or PAUSE, LONGEST_PAUSE)


class AcOdooConfig(models.Model):
    _inherit = "ac.odoo.config"

    def _enqueue(self, job, eta=None):
        """Enqueue ``_job_<job>`` of this account unless it is waiting already.

        :param eta: datetime (UTC) or seconds from now
        """
        self.ensure_one()
        delayed = self.with_user(SUPERUSER_ID).with_delay(
            eta=eta,
            priority=PRIORITIES[job],
            identity_key=identity_key(self.id, job),
            description=f"ActiveCampaign {self.name}: {job}",
        )
        return getattr(delayed, f"_job_{job}")()

    def _identity_keys(self):
        """Return what all jobs of these accounts are known by."""
        return [identity_key(config.id, job) for config in self for job in PRIORITIES]

    def unlink(self):
        """What waits for an account waits in vain once it is deleted."""
        keys = self._identity_keys()
        waiting = [("identity_key", "in", keys), ("state", "=", "pending")]
        self.env["queue.job"].sudo().search(waiting).unlink()
        return super().unlink()

    def _wake_postponed(self):
        """Let jobs that wait for another try start now; one statement."""
        self.env.cr.execute(
            """
            UPDATE queue_job SET eta = NULL
            WHERE identity_key = ANY(%s) AND state = 'pending' AND eta IS NOT NULL
            """,
            (self._identity_keys(),),
        )

    def _job_push(self):
        """Send what people have just saved."""
        self._repeat("push", partial(push.push_chunk, self, marks.LIVE))
        self.env["ac.sync.run"]._finish_done(self)

    def _job_run(self):
        """Send whatever waits: runs, retries, what the batch cron found."""
        self._repeat("run", self._send_and_collect)
        self.env["ac.sync.run"]._finish_done(self)

    def _send_and_collect(self):
        """Send a chunk; two imports together fill the pages of their contacts."""
        more = push.push_chunk(self, marks.BATCH)
        if bulk.is_under_way(self):
            with gateway.open_client(self) as client:
                bulk.collect(self, client, at_least=2)
        return more

    def _job_collect(self):
        """Confirm the bulk imports under way; come back later for the slow ones."""
        with self._border("collect"), gateway.open_client(self) as client:
            for _round in range(COLLECT_ROUNDS):
                if not bulk.collect(self, client):
                    break
                time.sleep(bulk.SETTLING_SECONDS)
            else:
                self._enqueue("collect", eta=COLLECT_PAUSE_SECONDS)
        self.env["ac.sync.run"]._finish_done(self)

    def _job_inbox(self):
        """Apply the events that ActiveCampaign has sent."""
        self._repeat("inbox", partial(drain.apply_chunk, self))

    def _job_metadata(self):
        """Fetch ActiveCampaign's own vocabulary."""
        with self._border("metadata"), gateway.open_client(self) as client:
            metadata.refresh(self, client)

    def _repeat(self, job, work):
        """Call `work` until it has nothing more to do or the budget is used up."""
        end = time.monotonic() + BUDGET_SECONDS
        with self._border(job):
            while more := work():
                if time.monotonic() > end:
                    break
            if more:
                self._enqueue(job)

    @contextmanager
    def _border(self, job):
        """Translate what went wrong: later, or not before a person has acted.

        :param job: its name, for the errors: a job that goes well solves its own
        :raise RetryableJobError: ActiveCampaign cannot be reached now
        """
        try:
            yield
        except RetriableError as error:
            if isinstance(error, OUTAGES):
                self._note_error(error, job)
            raise RetryableJobError(
                in_words(error), seconds=_bounded(error.retry_after), ignore_retry=True
            ) from error
        except (FatalError, vault.VaultError) as error:
            self._report(error, job)
        except Exception as error:
            self._report(error, job)
            raise
        else:
            self._went_well(job)

    def _went_well(self, job):
        with transaction(self.env) as env:
            env["ac.error.log"]._solve_job(self, job)

    def _note_error(self, error, job):
        with transaction(self.env) as env:
            env["ac.error.log"]._record_config(self.with_env(env), error, job)

    def _report(self, error, job=None):
        """Show on the account why nothing is sent."""
        problem = str(error) if isinstance(error, vault.VaultError) else in_words(error)
        with transaction(self.env) as env:
            config = env["ac.odoo.config"].browse(self.id)
            if config.problem != problem:
                config.problem = problem
        self._note_error(error, job)

    def _all_well(self):
        """ActiveCampaign has accepted something: what was wrong is mended."""
        for config in self.filtered("problem"):
            config.problem = False

    @api.model
    def _cron_outbox(self):
        """See that everything which waits has a job; the net below all wake-ups."""
        for config in self._confirmed():
            config._probe_if_due()
            for job in self.env["ac.binding"]._jobs_due(config):
                config._enqueue(job)

    @api.model
    def _cron_batch(self):
        """Find what was changed without a mark, and send it.

        Not before the first run over an object: until somebody has pressed
        *Synchronise Everything*, only what people save is sent.
        """
        for config in self._confirmed().filtered(lambda c: c._loaded_objects()):
            config._mark_missed()
            config._enqueue("run")

    @api.model
    def _cron_metadata(self):
        """Fetch the metadata that has expired anew."""
        for config in self._confirmed().filtered(lambda c: c._metadata_is_old()):
            config._enqueue("metadata")

    @api.model
    def _confirmed(self):
        return self.search([("state", "=", "confirmed")])
