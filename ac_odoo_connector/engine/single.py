# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One record, one upsert, settled before the next call."""

from contextlib import suppress

from ..activecampaign import (
    AuthenticationError,
    FatalError,
    NotFound,
    RetriableError,
    ServerError,
    SkippableError,
)
from ..mapping.contact import as_sync
from . import outbox, tags
from .outbox import Outcome
from .transaction import transaction


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
    except (RetriableError, FatalError) as error:
        if not isinstance(error, ServerError):
            raise
        outcome = Outcome(plan.binding, "failed", error=error)
        problem = error
    except Exception as error:  # one bad record must not hurt its neighbours
        outcome = Outcome(plan.binding, "failed", error=error)
    with transaction(config.env) as env:
        outbox.settle(env, token, [outcome])
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
    remote_id = _upsert(client, plan)
    tags.replace(config, client, remote_id, plan)
    return Outcome(
        plan.binding,
        "synced",
        remote_id=remote_id,
        fingerprint=plan.fingerprint,
        sent=plan.summary,
    )


def _upsert(client, plan):
    """Return the AC id of the contact that now holds the payload.

    A linked contact is updated by id, so a changed e-mail keeps the contact; one
    that was deleted in ActiveCampaign is made again.
    """
    contact = as_sync(plan.payload, plan.blanked)
    with suppress(NotFound):  # deleted over there: the upsert makes it again
        if plan.remote_id:
            client.contacts.update(plan.remote_id, contact)
            return plan.remote_id
    result = client.contacts.sync(contact)
    return result.id or _find(client, contact["email"])


def _find(client, email):
    """Return the id of a contact whose upsert was answered without a body."""
    found = next(client.contacts.list(email=email), None)
    if not found:
        raise SkippableError(
            "ActiveCampaign accepted the contact but does not show it. "
            "Check there whether the address is on the exclusion list."
        )
    return str(found["id"])
