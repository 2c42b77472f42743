# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One deal: found before it is made a second time, then what hangs on it."""

import logging
from contextlib import suppress
from dataclasses import replace

from ..activecampaign import (
    FatalError,
    NotFound,
    SkippableError,
    UncertainOutcome,
)
from ..mapping.deal import as_deal, at
from . import (
    deal_errors,
    deal_extras,
    deal_place,
    deal_search,
    field_values,
    intent,
    looking,
)

_logger = logging.getLogger(__name__)


def deliver(config, client, plan):
    """Create or update a deal; return ``(AC id, what AC has been told)``.

    AC has no upsert for deals. The intent is committed before a deal is made; whoever
    finds one without an id looks for the deal first. One that was deleted over there is
    looked for and made again. AC has no word for a historical deal: nothing but its
    automations' own conditions keeps one from starting (OAS create-a-deal-new).
    """
    try:
        return _explained(config, client, plan)
    except NotFound:
        if not plan.remote_id or _is_there(client, plan.remote_id):
            raise
        return _explained(config, client, replace(plan.anew(), intended=True))


def delete(_config, client, plan):
    """Delete a deal, unless somebody has done so over there."""
    with suppress(NotFound):
        client.deals.delete(plan.remote_id)


def _explained(config, client, plan):
    try:
        return _tell(config, client, plan)
    except (SkippableError, FatalError) as error:
        deal_errors.explain(config, plan, error)
        raise


def _tell(config, client, plan):
    deal_id = plan.remote_id
    if not deal_id and plan.intended:
        deal_id = deal_search.find(config, client, plan)
    if not deal_id:
        made, place = _make(config, client, plan)
        return made, _tell_extras(config, client, plan, made, True) | place
    plan = looking.look(client, replace(plan, remote_id=deal_id), _held)
    place = {}
    if plan.core_changed:
        told_at = plan.told.get("at")
        deal = as_deal(plan.sendable, plan.blanked, told_at)
        client.deals.update(deal_id, deal)
        place = deal_place.named(deal)
    return deal_id, _tell_extras(config, client, plan, deal_id, False) | place


def _make(config, client, plan):
    """Return the id of a new deal and its place; a lost answer is looked up at once.

    AC answers again if the search does: then this deal alone waits for its next try,
    which looks again, because AC may still be at work on it.

    :raise SkippableError: the answer was lost, and no such deal is there yet
    """
    intent.announce(config, plan, plan.payload["title"])
    made = place = None
    try:
        answer = client.deals.create(as_deal(plan.sendable))
        made, place = answer.id, deal_place.named(answer.record)
    except UncertainOutcome as error:
        _logger.info("Looking for a deal whose answer was lost: %s", error)
    except (SkippableError, FatalError):
        intent.withdraw(config, plan)
        raise
    made = made or deal_search.find(config, client, plan)
    if not made:
        raise SkippableError(
            "ActiveCampaign's answer was lost, and it shows no such deal yet. It is "
            "looked for again before it is made a second time."
        )
    return made, place or {}


def _tell_extras(config, client, plan, deal_id, is_new):
    """Return what AC has been told; the link is kept when an extra fails."""
    told = plan.told_after() | {"at": at(plan.payload)}
    try:
        return told | deal_extras.tell(client, plan, deal_id, is_new)
    except Exception:
        if plan.told.get("identity") is None:
            intent.arrived(config, plan, deal_id)
        raise


def _held(client, plan):
    return field_values.held(client, plan.object, plan.remote_id)


def _is_there(client, deal_id):
    """Tell a deal that is gone from a stage or a contact that is: all are a 404."""
    try:
        return client.deals.get(deal_id).record
    except NotFound:
        return False
