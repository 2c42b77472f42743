# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo → ActiveCampaign, one chunk at a time: claim, map, send, settle.

Batch, single push, retry and first load differ only in how they *mark*; all of
them are sent here.
"""

import logging
import time
import uuid

from ..mapping.contact import SUBSCRIBED, UNSUBSCRIBED
from ..mapping.registry import fingerprint
from ..mapping.skip import Skip, Wait
from . import bulk, erased, gateway, identity, marks, outbox, overlap, single, together
from .outbox import Outcome
from .plan import Plan
from .pull_choice import renew
from .pull_rules import shared_units
from .transaction import transaction

_logger = logging.getLogger(__name__)

BULK_MINIMUM = 10
"""Below this a bulk import costs more than single calls (OAS bulk-import-contacts)."""
SECONDS = 20
"""Of single calls in one chunk: within a lease, and within a worker's time limit."""


def push_chunk(config, priority=marks.BATCH):
    """Claim and send one chunk of every object.

    :param priority: marks.LIVE sends only what people have just saved
    :return: True when there may be more to do
    :raise RetriableError: ActiveCampaign cannot be reached now; nothing is lost
    :raise FatalError: the account's settings must be corrected by a person
    """
    with gateway.open_client(config) as client:
        return any(
            [_push_object(config, client, row, priority) for row in config._objects()]
        )


def _push_object(config, client, synced_object, priority):
    token = uuid.uuid4().hex
    size = together.CHUNKS.get(synced_object.name, outbox.CHUNK)
    with transaction(config.env) as env:
        claimed = outbox.claim(env, config, synced_object, token, priority, size)
        if not claimed:
            return False
        plans, outcomes = prepare(env, config, synced_object, claimed)
        outbox.settle(env, token, outcomes)
    try:
        all_sent = _send(config, client, token, plans)
    finally:
        with transaction(config.env) as env:
            outbox.release(env, token, claimed.ids)
    return len(claimed) == size or not all_sent


def _send(config, client, token, plans):
    """Send together what can go together and the rest one by one.

    Changed identities go first: others may be waiting to take them over.

    :return: False when time ran out; what is left is released and comes again
    """
    end = time.monotonic() + SECONDS
    if plans and plans[0].object in together.DELIVER:
        refused = together.send(config, client, token, plans)
        return _send_alone(config, client, token, refused, end)
    renamed = [plan for plan in plans if plan.renamed]
    imported = [plan for plan in plans if _fits_bulk(plan)]
    alone = [plan for plan in plans if not (plan.renamed or _fits_bulk(plan))]
    if len(imported) < BULK_MINIMUM:
        alone += [plan for plan in imported if not plan.quiet]
        imported = [plan for plan in imported if plan.quiet]
    if not _send_alone(config, client, token, renamed, end):
        return False
    read = _looked_at(config, client, token, imported)
    alone += [plan for plan in read if not bulk.has_work(plan)]
    alone += bulk.submit(config, client, token, list(filter(bulk.has_work, read)))
    return _send_alone(config, client, token, alone, end) and len(read) == len(imported)


def _looked_at(config, client, token, plans):
    """Return the plans of an import without what has changed over there as well; whoever
    cannot be read has failed, whom there was no time to look at comes again."""
    read, unreadable = overlap.settle_many(config, client, plans)
    with transaction(config.env) as env:
        outbox.settle(env, token, unreadable)
    return read


def _send_alone(config, client, token, plans, end):
    for plan in plans:
        if time.monotonic() > end:
            return False
        single.send(config, client, token, plan)
    return True


def _fits_bulk(plan):
    """An import cannot change an e-mail, take a tag away, empty a value or look first,
    and it names no reason for a failure, so what failed once goes alone."""
    return (
        plan.object == "contact"
        and not (plan.delete or plan.leaving or plan.renamed)
        and not (plan.gone_tags or plan.blanked)
        and not (plan.cautious or plan.existing or plan.refused or plan.sought)
        and bulk.has_work(plan)
    )


def prepare(env, config, synced_object, bindings):
    """Map claimed bindings: ``(plans to send, outcomes that need no request)``.

    A bad record becomes an outcome of its own; queries per chunk, not per record.
    """
    mapped = Mapped(env, config, synced_object, bindings)
    payloads, outcomes = mapped.payloads, mapped.outcomes
    bindings = bindings.exists()
    for step in (identity.assign, _unchanged, identity.not_yet_free):
        for outcome in step(env, config, synced_object, payloads, bindings):
            payloads.pop(outcome.binding, None)
            outcomes.append(outcome)
    plans = [_deletion(binding) for binding in mapped.deleted] + mapped.leaving
    for binding in bindings.filtered(lambda b: b.id in payloads):
        if _is_told(plan := mapped.plan(binding)):
            outcomes.append(Outcome(binding.id, "synced", fingerprint=plan.fingerprint))
        else:
            plans.append(plan)
    return plans, outcomes


def _unchanged(_env, _config, _synced_object, payloads, bindings):
    return [
        Outcome(binding.id, "synced")
        for binding in bindings.filtered(lambda b: b.id in payloads and b.remote_id)
        if binding.fingerprint == fingerprint(payloads[binding.id])
    ]


def _is_told(plan):
    """Whether a contact holds it all, because what is new here came from there."""
    return plan.object == "contact" and plan.is_told and not plan.renamed


def _deletion(binding):
    return Plan(binding.id, binding.object, binding.remote_id, {}, delete=True)


def _told_identity(binding):
    return (binding.sent or {}).get("identity")


def _told(binding):
    """Return what AC was told; how the order was made is overruled by a person."""
    told = (binding.sent or {}) if binding.remote_id else {}
    forgotten = {"source"} if binding.origin else ()
    return {key: value for key, value in told.items() if key not in forgotten}


class Mapped:
    """A chunk after the mapping: `payloads` ``{binding id: payload}``, `outcomes` of
    those that are not sent, `leaving` plans of those that only have a no to tell,
    `deleted` bindings whose object shall be deleted."""

    def __init__(self, env, config, synced_object, bindings):
        self.env, self.object = env, synced_object
        self.config = config.with_env(env)
        self.model = env[synced_object.model]
        self.records = self.model.browse(bindings.mapped("res_id")).exists()
        self.by_id = {record.id: record for record in self.records}
        self.in_scope = self.config._in_scope(self.records, synced_object)
        run = bindings.filtered("priority").run_id[:1]
        self.facts = self.config.with_context(ac_run=run.id)._facts(
            synced_object, self.records
        )
        self.policies = {
            m.ac_id: m.policy for m in self.facts.mappings if m.policy != "always"
        }
        self.needed = self._needed(bindings)
        self.withheld = self._withheld()
        self.erased = erased.people(self.config, synced_object, self.records)
        self.payloads, self.outcomes, self.leaving = {}, [], []
        self.deleted = self.forgotten = env["ac.binding"]
        for binding in bindings:
            self._map(binding)
        freed = set(self.forgotten.filtered("is_main").mapped("identity"))
        self.forgotten.unlink()
        identity.hand_over(env, config.ids, synced_object.name, freed)

    def _map(self, binding):
        record = self.by_id.get(binding.res_id)
        if record is None:
            self._bury(binding)
        elif not (binding.remote_id or record in self.in_scope):
            self.forgotten |= binding
        else:
            self._map_record(binding, record)

    def _bury(self, binding):
        """The record is gone: what becomes of its object is the account's policy."""
        policy = self.config[self.object.deletion]
        if not binding.remote_id or policy == "detach":
            self.forgotten |= binding
        elif policy == "delete" and _told_identity(binding) in self.needed:
            self.forgotten |= binding  # the other record adopts the contact
        elif policy == "delete":
            self.deleted |= binding
        else:
            self.outcomes.append(Outcome(binding.id, "skipped", reason="deleted"))

    def _withheld(self):
        """Return ``{record id: units}`` that are not told; None is for all records."""
        if self.object.name != "contact":
            return {None: frozenset()}
        conflicts = self.env["ac.conflict"]._open_of(self.config, self.records)
        renew(self.config, conflicts._undecided())
        theirs = self.config._units_from_ac()
        held = conflicts._units()
        return {None: theirs} | {id_: theirs | units for id_, units in held.items()}

    def _needed(self, bindings):
        """Return the e-mails of deleted records that other records have."""
        gone = bindings.filtered(lambda b: b.res_id not in self.by_id)
        if self.object.name != "contact" or not gone:
            return set()
        emails = [_told_identity(binding) for binding in gone]
        others = self.env["res.partner"]._ac_with_email(emails)
        return set(others.mapped("email_normalized"))

    def _map_record(self, binding, record):
        try:
            erased.check(record, self.erased)
            self.config._check_sendable(record, self.in_scope, binding)
            self.payloads[binding.id] = self.object.to_ac(record, self.facts)
        except Skip as skip:
            self._skip(binding, skip)
        except Wait:
            # released with the chunk; whoever links its contact wakes it
            _logger.debug("%s waits for its contact", record)
        except Exception as error:  # one bad record must not hurt its neighbours
            _logger.warning("%s not mapped: %s", record, type(error).__name__)
            self.outcomes.append(Outcome(binding.id, "failed", error=error))

    def _skip(self, binding, skip):
        """Skip a record; a no is passed on, also of whom is not sent any more."""
        told = binding.sent or {}
        wanted = self.facts.lists.get(binding.res_id, {})
        left = {
            id_: UNSUBSCRIBED
            for id_, status in told.get("lists", {}).items()
            if status == SUBSCRIBED and wanted.get(id_) == UNSUBSCRIBED
        }
        if binding.remote_id and left:
            self.leaving.append(
                Plan(
                    binding.id,
                    self.object.name,
                    binding.remote_id,
                    {"lists": left},
                    told=told,
                    leaving=skip.reason,
                )
            )
        else:
            message = skip.detail
            self.outcomes.append(
                Outcome(binding.id, "skipped", reason=skip.reason, message=message)
            )

    def plan(self, binding):
        """Return the plan of a mapped binding."""
        sent = binding.sent or {}
        told = _told(binding)
        looked_at = frozenset(told.get("looked_at", ()))
        excludes = self.config._excludes_automations(binding)
        return Plan(
            binding=binding.id,
            object=self.object.name,
            remote_id=binding.remote_id or None,
            payload=self.payloads[binding.id],
            refused=bool(binding.tries or sent.get("unsure")),
            told=told,
            account_name=self.facts.accounts.get(binding.res_id, {}).get("name", ""),
            cautious={
                ac_id: policy
                for ac_id, policy in self.policies.items()
                if ac_id not in looked_at
            },
            dropped=looked_at,
            withheld=self.withheld.get(binding.res_id, self.withheld[None]),
            shared=shared_units(self.config, self.object.name),
            changed_at=self.by_id[binding.res_id].write_date,
            existing=self.config.consent_mode == "existing" and not binding.remote_id,
            exclude_automations=excludes,
            intended=bool(binding.intended_at),
            announced=binding.intended_as or "",
            historical=self._is_history(binding, excludes),
            quiet=excludes and bool(binding.run_id and binding.priority),
        )

    def _is_history(self, binding, excludes):
        """A person's choice, else: what nobody has just saved, and what is older than
        the account's interest in it, unless the run may start automations."""
        if binding.origin:
            return binding.origin == "history"
        past = self.config._is_past(self.by_id[binding.res_id])
        return excludes and (past or bool(binding.priority))
