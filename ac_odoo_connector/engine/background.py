# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs that a person watches on a form: enqueued once, and their trouble told there."""

from contextlib import contextmanager

from odoo.addons.queue_job.exception import RetryableJobError

from ..activecampaign import ActiveCampaignError, RetriableError
from .transaction import transaction
from .vault import VaultError
from .words import in_words

LONGEST_PAUSE = 600


def enqueue(record, method, priority):
    """Enqueue a job of one record unless the same one is waiting already."""
    record.ensure_one()
    delayed = record.with_delay(
        priority=priority,
        identity_key=f"ac_odoo_connector.{record._name}.{method}.{record.id}",
        description=f"ActiveCampaign {record.display_name}: {method}",
    )
    return getattr(delayed, method)()


@contextmanager
def told(record, field, in_vain):
    """Write into `field` of `record` what goes wrong, in words for people.

    :param in_vain: values to write when nobody tries again by itself
    :raise RetryableJobError: ActiveCampaign cannot be reached now
    """
    try:
        yield
    except RetriableError as error:
        write_apart(record, {field: in_words(error)})
        pause = min(error.retry_after or 60, LONGEST_PAUSE)
        raise RetryableJobError(
            in_words(error), seconds=pause, ignore_retry=True
        ) from error
    except (ActiveCampaignError, VaultError) as error:
        ours = isinstance(error, ActiveCampaignError)
        words = in_words(error) if ours else str(error)
        write_apart(record, {field: words, **in_vain})
        _note(record, error)
    except Exception as error:
        write_apart(record, {field: in_words(error), **in_vain})
        _note(record, error)
        raise
    else:
        _went_well(record)


def _went_well(record):
    with transaction(record.env) as env:
        if known := env[record._name].browse(record.id).exists():
            env["ac.error.log"]._solve_records(known.config_id, known._name, known.ids)


def _note(record, error):
    with transaction(record.env) as env:
        if known := env[record._name].browse(record.id).exists():
            env["ac.error.log"]._record_on(known, error)


def write_apart(record, values):
    """Write values in a transaction of its own, so that a failing job leaves them."""
    with transaction(record.env) as env:
        env[record._name].browse(record.id).exists().write(values)
    record.invalidate_recordset()
