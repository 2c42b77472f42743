# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ask the job runner to look at the outbox or the inbox, once for many changes."""

import logging
import math
import time
from datetime import datetime, timezone

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import MissingError
from odoo.modules.registry import Registry

_logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.2
BEHIND_SECONDS = 2
"""A job that has waited longer has no runner at the moment; people who save need not
look for it more often than once a second. If it ends in just that second, the cron
comes."""
_covered_until = {}  # (database, config id, job) -> start of the job already waiting


def wake_after_commit(env, config_ids, job):
    """Enqueue `job` (see `ac.odoo.config._enqueue`) once this transaction is committed.

    Only then, because a job that starts earlier would not see the change. If the
    process dies in between, the change waits for the outbox cron (one minute).
    """
    dbname = env.cr.dbname
    for config_id in config_ids:
        env.cr.postcommit.add(lambda key=(dbname, config_id, job): _wake(*key))


def _wake(dbname, config_id, job):
    """Enqueue unless this process has enqueued a job that starts later than now.

    The job starts at a full second (queue_job stores no fractions), so every
    commit until then is covered by it without a query.
    """
    key = (dbname, config_id, job)
    now = time.time()
    if now < _covered_until.get(key, 0):
        return
    start = math.ceil(now + GATHER_SECONDS)
    eta = datetime.fromtimestamp(start, timezone.utc).replace(tzinfo=None)
    try:
        with Registry(dbname).cursor() as cr:
            waiting = _start_of_waiting(cr, config_id, job)
            if waiting is None:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["ac.odoo.config"].browse(config_id)._enqueue(job, eta=eta)
                waiting = start
    except (psycopg2.Error, MissingError) as error:
        # the change is committed: its author must not hear of this
        _logger.info("%s not enqueued (%s); the cron will do it", job, error)
    else:
        behind = waiting < now - BEHIND_SECONDS
        _covered_until[key] = now + 1 if behind else min(start, waiting)


def _start_of_waiting(cr, config_id, job):
    """Return when the job that waits already starts at the earliest (epoch seconds).

    Another worker may have enqueued it before us, or the runner may be behind: then
    this one query is all that a save costs.
    """
    cr.execute(
        """
        SELECT EXTRACT(EPOCH FROM eta)::float FROM queue_job
        WHERE identity_key = %s AND state IN ('pending', 'enqueued')
        ORDER BY eta NULLS FIRST LIMIT 1
        """,
        (identity_key(config_id, job),),
    )
    found = cr.fetchone()
    return (found[0] or 0) if found else None


def identity_key(config_id, job):
    """Return what tells queue_job that this very job waits already."""
    return f"ac_odoo_connector.{job}.{config_id}"
