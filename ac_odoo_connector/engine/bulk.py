# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bulk import: many contacts in one request, confirmed one by one afterwards.

`submit` hands a chunk to ActiveCampaign, which works on it by itself; `collect`
asks what became of it and links every contact. In between a binding is *sent*
and carries the batch id, so a dead worker loses nothing.
"""

import json
import time
from datetime import datetime

from odoo.tools import split_every

from ..activecampaign import Rejected, ServerError, SkippableError
from ..mapping.contact import as_import
from . import outbox
from .outbox import Outcome
from .plan import as_json, names_account
from .transaction import transaction

MAX_BYTES = 390_000
"""AC takes less than 400,000 bytes a request (OAS bulk-import-contacts)."""
PAGE = 100
"""Contacts that one page of ``GET /contacts`` holds at most (REF:pagination)."""
SAME_TIME_SECONDS = 600
"""How far AC's clock may be from ours when we ask what is older than an import."""
SETTLING_SECONDS = 2
"""How long an import is left alone before it is asked for."""


def submit(config, client, token, plans):
    """Hand plans to ActiveCampaign; their bindings are *sent* afterwards.

    :return: the plans that must be tried alone, because the import was refused
        for them (an import is accepted or refused as a whole)
    """
    small, alone = _by_size(config, plans)
    for part in _parts(small):
        try:
            _import(config, client, token, part)
        except (Rejected, ServerError) as error:
            suspects = _suspects(part, error)
            alone += suspects
            rest = [each for each in part if each not in suspects]
            alone += _import_or_alone(config, client, token, rest)
    return [plan for plan, contact in alone]


def _import_or_alone(config, client, token, part):
    try:
        _import(config, client, token, part)
    except (Rejected, ServerError):
        return part
    return []


def _suspects(part, error):
    """Return the pairs that a refusal names.

    Whether AC counts the contacts of a request from 0 or from 1 is not
    documented, so the neighbour in front is suspected too.
    """
    rows = {int(row) for row, _reason in error.rows if str(row).isdecimal()}
    rows |= {row - 1 for row in rows}
    return [pair for index, pair in enumerate(part) if index in rows] or part


def _by_size(config, plans):
    """Return two lists of ``(plan, contact)``: what fits an import, what never does."""
    pairs = [(plan, _contact(plan)) for plan in plans]
    small, big = [], []
    for pair in pairs:
        (small if _bytes(pair) <= MAX_BYTES else big).append(pair)
    return small, big


def has_work(plan):
    """Whether an import can say something of what is left to say."""
    return bool(
        plan.core_changed or plan.new_tags or plan.new_lists or names_account(plan)
    )


def _contact(plan):
    return as_import(
        {**plan.sendable, "email": plan.identity},
        plan.new_tags,
        plan.new_lists,
        plan.account_name if names_account(plan) else "",
        plan.exclude_automations,
    )


def _bytes(pair):
    return len(json.dumps(pair[1]).encode()) + 1


def _parts(pairs):
    """Yield lists of ``(plan, contact)`` that are small enough for one request."""
    part, size = [], 0
    for pair in pairs:
        if part and size + _bytes(pair) > MAX_BYTES:
            yield part
            part, size = [], 0
        part.append(pair)
        size += _bytes(pair)
    if part:
        yield part


def _import(config, client, token, part):
    if not part:
        return
    batch = client.imports.bulk([contact for plan, contact in part]).id
    outcomes = [
        Outcome(
            plan.binding,
            "sent",
            fingerprint=_complete(plan),
            sent=as_json(plan.import_told()),
            batch=batch,
        )
        for plan, contact in part
    ]
    with transaction(config.env) as env:
        outbox.settle(env, token, outcomes)
        env["ac.odoo.config"].browse(config.id)._enqueue(
            "collect", eta=SETTLING_SECONDS
        )


def _complete(plan):
    """Return the fingerprint of a contact of which an import says everything."""
    rest = plan.after(plan.import_told())
    return plan.fingerprint if rest.is_told else None


def collect(config, client, at_least=1):
    """Ask for the imports under way, oldest first, and settle those that are ready.

    One request per import and one per 100 contacts, however the contacts are
    spread over the imports. One worker per account does this at a time.

    :param at_least: leave them for later when fewer imports are ripe
    :return: True when some are still under way
    """
    batches = _under_way(config)
    ripe = [(batch, age) for batch, age in batches if age > SETTLING_SECONDS]
    if len(ripe) < at_least or not _my_turn(config):
        return bool(batches)
    ready = _ready(client, ripe)
    linked = _linked(config, ready)
    successes = {
        str(each) for answer in ready.values() for each in answer.get("success") or ()
    }
    ids = {email: id_ for email, id_ in linked.items() if id_ in successes}
    begin = time.time() - max((age for _batch, age in ripe), default=0)
    older = set()
    for contact in _contacts(client, sorted(successes - set(linked.values()))):
        email = contact["email"].strip().lower()
        ids[email] = str(contact["id"])
        if _created(contact) < begin - SAME_TIME_SECONDS:
            older.add(email)
    for batch, answer in ready.items():
        _settle_batch(config, batch, answer, ids, older)
    return len(ready) < len(batches)


def is_under_way(config):
    """Whether an import is to be asked for: who has nothing to ask needs no client."""
    return bool(_under_way(config))


def _under_way(config):
    """Return ``[(batch id, seconds since it was handed over), ...]``, oldest first."""
    with transaction(config.env) as env:
        env.cr.execute(
            """
            SELECT batch_ref, EXTRACT(EPOCH FROM
                clock_timestamp() AT TIME ZONE 'UTC' - MIN(write_date))
            FROM ac_binding WHERE config_id = %s AND batch_ref IS NOT NULL
            GROUP BY batch_ref ORDER BY MIN(write_date)
            """,
            (config.id,),
        )
        return env.cr.fetchall()


def _linked(config, batches):
    """Return ``{e-mail: AC id}`` of the contacts in imports whose id is known already:
    they need not be asked for."""
    with transaction(config.env) as env:
        env.cr.execute(
            """
            SELECT sent->>'identity', remote_id FROM ac_binding
            WHERE batch_ref = ANY(%s) AND remote_id IS NOT NULL
            """,
            (list(batches),),
        )
        return dict(env.cr.fetchall())


def _my_turn(config):
    """Whether no other worker collects for this account; holds until the job ends."""
    config.env.cr.execute(
        "SELECT pg_try_advisory_xact_lock(%s, %s)", (_LOCK, config.id)
    )
    return config.env.cr.fetchone()[0]


_LOCK = 20182  # any number: the first half of the advisory lock's key


def _ready(client, batches):
    """Return ``{batch id: answer}`` of the imports that are completed or overdue."""
    ready = {}
    for batch, age in batches:
        answer = _result(client, batch)
        if answer.get("status") != "completed" and age < outbox.PATIENCE_SECONDS:
            break  # the younger ones are not ready either
        ready[batch] = answer
    return ready


def _result(client, batch):
    """Return how an import went; of one that AC has forgotten nobody knows, and its
    contacts are tried one by one."""
    try:
        return client.imports.info(batch).data
    except SkippableError:
        return {"status": "completed", "forgotten": True}


def _created(contact):
    """Return when AC made a contact (epoch seconds), now when it does not say."""
    try:
        return datetime.fromisoformat(contact["cdate"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return time.time()


def _contacts(client, successes):
    """Yield imported contacts.

    An import names the ids of its contacts (OAS bulk-import-status-info); an answer
    with e-mails instead costs a request each.
    """
    emails = [each for each in successes if "@" in each]
    ids = [each for each in successes if "@" not in each]
    queries = [{"ids[]": list(page)} for page in split_every(PAGE, ids)]
    for query in [*queries, *({"email": email} for email in emails)]:
        yield from client.contacts.list(**query)


def _settle_batch(config, batch, answer, ids, older):
    with transaction(config.env) as env:
        bindings = env["ac.binding"].search([("batch_ref", "=", batch)])
        outcomes = [_confirmed(env, each, ids, answer, older) for each in bindings]
        outbox.settle(env, batch, outcomes)


def _confirmed(env, binding, ids, answer, older):
    """Return what became of one contact.

    One that AC has had for longer may have another company, which an import leaves:
    its link is told once more, alone.
    """
    told = binding.sent or {}
    email = told.get("identity")
    remote_id = ids.get(email)
    if remote_id and email in older and "account" in told:
        told = {key: value for key, value in told.items() if key != "account"}
        return Outcome(binding.id, "pending", remote_id=remote_id, sent=as_json(told))
    if remote_id:
        complete = binding.sent_fingerprint
        return Outcome(
            binding.id,
            "synced" if complete else "pending",
            remote_id=remote_id,
            fingerprint=complete,
        )
    message = _why_not(env, email, answer)
    return Outcome(
        binding.id, "failed", message=message, sent=as_json(_not_arrived(told))
    )


def _why_not(env, email, answer):
    """Return for people why a contact has not arrived with its import."""
    if answer.get("forgotten"):
        return env._(
            "ActiveCampaign does not say any more what became of the bulk import; "
            "the contact is sent again."
        )
    if email in {str(each).lower() for each in answer.get("failure") or ()}:
        return env._("ActiveCampaign refused this contact in a bulk import.")
    return env._(
        "ActiveCampaign accepted the import but does not hold this contact; "
        "the address may be on its exclusion list."
    )


def _not_arrived(told):
    """Return what ActiveCampaign knows of a contact whose import was in vain."""
    before = told.get("before", {})
    return {**told, "common": before, "unsure": True}
