# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One record, sent by itself and settled before the next call."""

from dataclasses import replace

from ..activecampaign import (
    AuthenticationError,
    Duplicate,
    FatalError,
    RetriableError,
    ServerError,
)
from ..mapping.skip import Skip
from . import (
    account_push,
    contact_push,
    deal_push,
    marks,
    order_push,
    outbox,
    product_push,
)
from .outbox import Outcome
from .plan import as_json
from .transaction import transaction

OBJECTS = {
    "account": account_push,
    "contact": contact_push,
    "product": product_push,
    "deal": deal_push,
    "order": order_push,
}
"""``deliver(config, client, plan)`` sends what AC has not been told and returns
``(AC id, what it has been told now)``; ``delete(config, client, plan)`` deletes."""


def send(config, client, token, plan):
    """Send one plan and settle its binding, whatever the answer was.

    :raise ServerError: ActiveCampaign failed on this record five times; the
        record has its failed try, the caller should come back later
    :raise RetriableError: nobody can be reached; nothing is settled
    """
    problem = None
    try:
        outcome = _deliver(config, client, plan)
    except AuthenticationError as error:
        if not _key_works(client):
            raise
        outcome = Outcome(plan.binding, "failed", error=error)
    except Skip as skip:
        outcome = Outcome(plan.binding, "skipped", reason=skip.reason)
    except Duplicate as error:
        outcome = Outcome(plan.binding, "failed", reason="conflict", error=error)
    except (RetriableError, FatalError) as error:
        if not isinstance(error, ServerError):
            raise
        outcome = Outcome(plan.binding, "failed", error=error)
        problem = error
    except Exception as error:  # one bad record must not hurt its neighbours
        outcome = Outcome(plan.binding, "failed", error=error)
    with transaction(config.env) as env:
        outbox.settle(env, token, [replace(outcome, payload=plan.payload)])
        if plan.object == "account" and outcome.remote_id not in (None, plan.remote_id):
            marks.mark_people(env, plan.binding)
    if problem:
        raise problem


def _key_works(client):
    """Tell a refused record from a refused key: both are a 403."""
    try:
        client.users.me()
    except AuthenticationError:
        return False
    return True


def _deliver(config, client, plan):
    if plan.delete:
        OBJECTS[plan.object].delete(config, client, plan)
        return Outcome(plan.binding, "gone")
    if plan.leaving:
        told = contact_push.leave(config, client, plan)
        return Outcome(plan.binding, "skipped", reason=plan.leaving, sent=as_json(told))
    remote_id, told = OBJECTS[plan.object].deliver(config, client, plan)
    return Outcome(
        plan.binding,
        "synced",
        remote_id=remote_id,
        fingerprint=plan.fingerprint,
        sent=as_json(told),
    )
