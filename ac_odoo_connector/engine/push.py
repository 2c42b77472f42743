# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo → ActiveCampaign, one chunk at a time: claim, map, send, settle.

Batch, single push, retry and first load differ only in how they *mark*; all of
them are sent here.
"""

import json
import logging
import time
import uuid
from dataclasses import dataclass

from ..mapping.registry import OBJECTS, fingerprint
from ..mapping.skip import Skip
from . import bulk, gateway, identity, marks, outbox, single
from .outbox import Outcome
from .transaction import transaction

_logger = logging.getLogger(__name__)

BULK_MINIMUM = 10
"""Below this a bulk import costs more than single calls (OAS bulk-import-contacts)."""
SECONDS = 20
"""Of single calls in one chunk: within a lease, and within a worker's time limit."""


@dataclass(frozen=True)
class Plan:
    """One record that is to be sent: everything the sender needs, no cursor.

    `sent_tags` and `sent_filled` are the tags that we set and the values that were
    not empty when the record was sent last; `renamed`: AC knows the linked object by
    another identity.
    """

    binding: int
    remote_id: str | None
    identity: str
    payload: dict
    fingerprint: str
    tries: int
    sent_tags: frozenset = frozenset()
    sent_filled: frozenset = frozenset()
    renamed: bool = False

    @property
    def gone_tags(self):
        kept = {tag.lower() for tag in self.payload["tags"]}
        return {tag for tag in self.sent_tags if tag.lower() not in kept}

    @property
    def blanked(self):
        return self.sent_filled - set(filled(self.payload))

    @property
    def summary(self):
        """What has to be remembered of the payload once it is sent: names, no values."""
        return json.dumps(
            {
                "identity": self.identity,
                "tags": self.payload["tags"],
                "filled": filled(self.payload),
            }
        )


def filled(payload):
    """Return the names of the payload's values that are not empty."""
    values = {**payload, **payload["fields"]}
    return sorted(k for k, v in values.items() if v and k not in ("fields", "tags"))


def push_chunk(config, priority=marks.BATCH):
    """Claim and send one chunk of every object.

    :param priority: marks.LIVE sends only what people have just saved
    :return: True when there may be more to do
    :raise RetriableError: ActiveCampaign cannot be reached now; nothing is lost
    :raise FatalError: the account's settings must be corrected by a person
    """
    return any([_push_object(config, row, priority) for row in OBJECTS.values()])


def _push_object(config, synced_object, priority):
    token = uuid.uuid4().hex
    with gateway.open_client(config) as client:
        with transaction(config.env) as env:
            claimed = outbox.claim(env, config, synced_object, token, priority)
            plans, outcomes = prepare(env, config, synced_object, claimed)
            outbox.settle(env, token, outcomes)
        try:
            all_sent = _send(config, client, token, plans)
        finally:
            with transaction(config.env) as env:
                outbox.release(env, token)
    return len(claimed) == outbox.CHUNK or not all_sent


def _send(config, client, token, plans):
    """Send together what can go together and the rest one by one.

    Changed identities go first: others may be waiting to take them over.

    :return: False when time ran out; what is left is released and comes again
    """
    end = time.monotonic() + SECONDS
    renamed = [plan for plan in plans if plan.renamed]
    together = [plan for plan in plans if _fits_bulk(plan)]
    alone = [plan for plan in plans if not (plan.renamed or _fits_bulk(plan))]
    if len(together) < BULK_MINIMUM:
        together, alone = [], alone + together
    if not _send_alone(config, client, token, renamed, end):
        return False
    alone += bulk.submit(config, client, token, together)
    return _send_alone(config, client, token, alone, end)


def _send_alone(config, client, token, plans, end):
    for plan in plans:
        if time.monotonic() > end:
            return False
        single.send(config, client, token, plan)
    return True


def _fits_bulk(plan):
    """An import cannot change an e-mail, take a tag away or empty a value, and it
    names no reason for a failure, so what failed once goes alone."""
    return not (plan.renamed or plan.gone_tags or plan.blanked or plan.tries)


def prepare(env, config, synced_object, bindings):
    """Map claimed bindings: ``(plans to send, outcomes that need no request)``.

    A bad record becomes an outcome of its own; queries per chunk, not per record.
    """
    payloads, outcomes = _map(env, config, synced_object, bindings)
    bindings = bindings.exists()
    losers = identity.assign(env, config, synced_object, payloads, bindings)
    losers += identity.not_yet_free(env, config, synced_object, payloads, bindings)
    outcomes += losers
    for loser in losers:
        payloads.pop(loser.binding, None)
    plans = []
    for binding in bindings.filtered(lambda b: b.id in payloads):
        plan = _plan(binding, payloads[binding.id], synced_object)
        if plan.fingerprint == binding.fingerprint and binding.remote_id:
            outcomes.append(Outcome(binding.id, "synced"))
        else:
            plans.append(plan)
    return plans, outcomes


def _plan(binding, payload, synced_object):
    sent = binding.sent or {}
    identity_now = payload[synced_object.identity]
    return Plan(
        binding=binding.id,
        remote_id=binding.remote_id or None,
        identity=identity_now,
        payload=payload,
        fingerprint=fingerprint(payload),
        tries=binding.tries,
        sent_tags=frozenset(sent.get("tags", ())),
        sent_filled=frozenset(sent.get("filled", ())),
        renamed=bool(binding.remote_id) and sent.get("identity") != identity_now,
    )


def _map(env, config, synced_object, bindings):
    """Return `({binding id: payload}, [outcome, ...])`."""
    model = env[synced_object.model]
    config = config.with_env(env)
    records = model.browse(bindings.mapped("res_id")).exists()
    in_scope = config._in_scope(records)
    mappings = env["ac.field.mapping"]._resolve(config, synced_object)
    payloads, outcomes, forgotten = {}, [], env["ac.binding"]
    for binding in bindings:
        record = model.browse(binding.res_id).with_prefetch(records.ids)
        if record not in (records if binding.remote_id else in_scope):
            forgotten |= binding
            continue
        try:
            config._check_sendable(record, in_scope)
            payloads[binding.id] = synced_object.to_ac(record, mappings)
        except Skip as skip:
            outcomes.append(_skipped(binding, skip))
        except Exception as error:  # one bad record must not hurt its neighbours
            _logger.warning("%s not mapped: %s", record, type(error).__name__)
            outcomes.append(Outcome(binding.id, "failed", error=error))
    freed = set(forgotten.filtered("is_main").mapped("identity"))
    forgotten.unlink()
    identity.hand_over(env, config.ids, synced_object.name, freed)
    return payloads, outcomes


def _skipped(binding, skip):
    return Outcome(
        binding.id, "skipped", reason=skip.reason, message=skip.detail or None
    )
