# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The outbox: which bindings wait, who works on them, what became of them.

Marks (see `marks`) are rows of the change's own transaction; `claim` and `settle` run
in short transactions of their own (see `transaction`), before and after the request.
A claim is a lease: rows whose worker died are taken again when it ends.

A mark makes the row *pending* and leaves the claim alone: a change made while the
old values are on their way is sent again, but not before they have arrived, or the
old ones could come last.
"""

from dataclasses import dataclass

from odoo.tools import SQL

from . import waiting
from .marks import BATCH, NOW, fetch_marks, mark_orders
from .turns import turn
from .wake import wake_after_commit
from .words import in_words

CHUNK = 250
"""Contacts that one bulk import takes at most (OAS bulk-import-contacts)."""
LEASE_SECONDS = 180
PATIENCE_SECONDS = 1800
"""How long a bulk import may take before its contacts are tried one by one."""
MAX_TRIES = 5


@dataclass(frozen=True)
class Outcome:
    """What became of one binding.

    `state` synced, sent (accepted, to be confirmed), failed, skipped, pending (given
    back, or something is left to say) or gone (deleted over there as well); `reason` a
    key of `mapping.skip.REASONS`; `message` plain words for people; `fingerprint` of
    what AC now holds; `sent` JSON (see `plan.told_after`); `batch` the import it went
    with; `error` the exception behind a failure, `payload` what was to be told.
    """

    binding: int
    state: str
    remote_id: str | None = None
    reason: str | None = None
    message: str | None = None
    fingerprint: str | None = None
    sent: str | None = None
    batch: str | None = None
    error: Exception | None = None
    payload: dict | None = None

    @property
    def text(self):
        """What people read on the record."""
        return self.message or (in_words(self.error) if self.error else None)


def claim(env, config, synced_object, token, priority=BATCH, limit=CHUNK):
    """Take up to `limit` due bindings for this worker; commit soon.

    :param token: str unique to this chunk; `settle` needs it
    :param priority: LIVE takes only what people have just saved, BATCH everything
    :return: `ac.binding` records, those of a paused run left out
    """
    fetch_marks(env, synced_object)
    env.cr.execute(
        SQL(
            """
            WITH due AS MATERIALIZED (
                SELECT b.id FROM ac_binding b
                WHERE b.config_id = %(config)s AND b.object = %(object)s
                    AND b.priority <= %(priority)s AND %(due)s AND %(turn)s
                ORDER BY b.priority, b.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
            UPDATE ac_binding SET state = 'sending', claim = %(token)s,
                claimed_until = %(now)s + %(lease)s * INTERVAL '1 second'
            FROM due WHERE ac_binding.id = due.id
            RETURNING ac_binding.id
            """,
            token=token,
            now=NOW,
            lease=LEASE_SECONDS,
            config=config.id,
            object=synced_object.name,
            priority=priority,
            due=DUE,
            turn=turn(config, synced_object.name),
            limit=limit,
        )
    )
    return env["ac.binding"].browse(sorted(row[0] for row in env.cr.fetchall()))


# The first line is the predicate of the index `ac_binding_due`, as PostgreSQL has to
# find it: with an OR it would sort all that waits for every chunk.
DUE = SQL(
    """
    b.state IN ('pending', 'sending', 'failed')
    AND (b.state <> 'failed' OR b.next_try_at <= %(now)s)
    AND (b.claim IS NULL OR b.claimed_until < %(now)s)
    AND (b.priority = 0 OR NOT EXISTS (
        SELECT 1 FROM ac_sync_run r WHERE r.id = b.run_id AND r.state = 'paused'))
    """,
    now=NOW,
)


def give_up(env, run):
    """Skip what waits for a run; what is on its way goes on. One statement."""
    env.cr.execute(
        """
        UPDATE ac_binding SET state = 'skipped', skip_reason = 'stopped'
        WHERE run_id = %s AND state = 'pending' AND claim IS NULL AND priority = %s
        """,
        (run.id, BATCH),
    )
    env["ac.binding"].invalidate_model(flush=False)


def release(env, token, ids):
    """Give back what this worker claimed and did not settle; counts no try.

    :param ids: of the bindings that it claimed
    """
    env.cr.execute(
        """
        UPDATE ac_binding SET claim = NULL,
            state = CASE WHEN state = 'sending' THEN 'pending' ELSE state END
        WHERE id = ANY(%s) AND claim = %s
        RETURNING config_id, remote_id
        """,
        (ids, token),
    )
    released = env.cr.fetchall()
    for config in env["ac.odoo.config"].browse({row[0] for row in released}):
        waiting.wake(env, config, [row[1] for row in released if row[1]])


_SETTLE = """
UPDATE ac_binding b SET
    state = CASE
        WHEN b.claim IS DISTINCT FROM %(token)s THEN 'pending'
        WHEN b.state NOT IN ('sending', 'sent') THEN b.state
        WHEN v.state = 'failed' AND b.tries + 1 >= %(max_tries)s THEN 'dead'
        ELSE v.state END,
    claim = CASE
        WHEN b.claim IS DISTINCT FROM %(token)s THEN b.claim
        WHEN v.state = 'sent' THEN v.batch END,
    claimed_until = CASE WHEN v.state = 'sent' THEN
        {now} + %(patience)s * INTERVAL '1 second' ELSE b.claimed_until END,
    tries = CASE
        WHEN b.claim IS DISTINCT FROM %(token)s THEN b.tries
        WHEN v.state = 'failed' THEN b.tries + 1
        WHEN v.state = 'synced' THEN 0 ELSE b.tries END,
    next_try_at = CASE WHEN v.state = 'failed' THEN
        {now} + power(4, b.tries) * INTERVAL '15 seconds' END,
    synced_at = CASE WHEN v.state = 'synced' THEN {now} ELSE b.synced_at END,
    remote_id = COALESCE(v.remote_id, b.remote_id),
    fingerprint = CASE
        WHEN b.claim IS DISTINCT FROM %(token)s THEN NULL
        WHEN v.state = 'synced' THEN COALESCE(v.fingerprint, b.fingerprint)
        ELSE b.fingerprint END,
    sent_fingerprint = CASE WHEN v.state = 'sent' THEN v.fingerprint END,
    sent = COALESCE(v.sent::jsonb || jsonb_strip_nulls(jsonb_build_object(
        'common', (b.sent->'common') || (v.sent::jsonb->'common'),
        'place', NULLIF(COALESCE(b.sent->'place', '{{}}')
            || COALESCE(v.sent::jsonb->'place', '{{}}'), '{{}}'))), b.sent),
    batch_ref = v.batch,
    skip_reason = v.reason,
    message = v.message,
    write_date = {now}
FROM unnest(%(ids)s::int[], %(states)s::text[], %(remote_ids)s::text[],
    %(reasons)s::text[], %(messages)s::text[], %(fingerprints)s::text[],
    %(sent)s::text[], %(batches)s::text[])
    AS v(id, state, remote_id, reason, message, fingerprint, sent, batch)
WHERE b.id = v.id
RETURNING b.config_id, b.priority, b.state = 'pending' AND b.claim IS NULL,
    CASE WHEN b.claim IS NULL AND b.object = 'contact' THEN b.remote_id END
""".format(now="(clock_timestamp() AT TIME ZONE 'UTC')")


def settle(env, token, outcomes):
    """Write what became of claimed bindings; one statement for all of them.

    A record that was marked meanwhile stays *pending*. One whose lease had ended
    is sent again, because somebody else may have sent other values at the same
    time. A failure counts a try and waits 15 s, 1, 4, 16 min; the fifth one is the
    last (*dead*).
    """
    if not outcomes:
        return
    outcomes = _refuse_taken_ids(env, outcomes)
    columns = {
        "ids": [each.binding for each in outcomes],
        "states": [each.state for each in outcomes],
        "remote_ids": [each.remote_id for each in outcomes],
        "reasons": [each.reason for each in outcomes],
        "messages": [each.text for each in outcomes],
        "fingerprints": [each.fingerprint for each in outcomes],
        "sent": [each.sent for each in outcomes],
        "batches": [each.batch for each in outcomes],
    }
    env.cr.execute(
        _SETTLE,
        columns
        | {"token": token, "max_tries": MAX_TRIES, "patience": PATIENCE_SECONDS},
        log_exceptions=False,  # the statement names people, and the log keeps it
    )
    settled = env.cr.fetchall()
    due = {(row[0], row[1]) for row in settled if row[2]}
    for config_id, priority in due:
        wake_after_commit(env, {config_id}, "run" if priority else "push")
    env["ac.binding"].invalidate_model(flush=False)
    env["ac.error.log"]._record_outcomes(outcomes)
    env["ac.binding"].browse(
        each.binding for each in outcomes if each.state == "gone"
    ).unlink()
    linked = [each.binding for each in outcomes if each.remote_id]
    first = env["ac.binding"].browse(outcomes[0].binding)
    _wake_events(env, settled)
    if linked and first.object == "contact" and first.config_id._has_orders():
        mark_orders(env, linked)
    if linked or any(each.state == "sent" for each in outcomes):
        first.config_id._all_well()


def _wake_events(env, settled):
    """Events wait for the answer, whatever it was."""
    for config in env["ac.odoo.config"].browse({row[0] for row in settled}):
        waiting.wake(env, config, [row[3] for row in settled if row[3]])


def _refuse_taken_ids(env, outcomes):
    """Turn an outcome whose AC object is bound to another record into a failure.

    A record that is skipped now (archived, e-mail removed) gives its link up.
    """
    owners = {each.remote_id: each.binding for each in outcomes if each.remote_id}
    rivals = _holders(env, outcomes[0].binding, list(owners)).filtered(
        lambda rival: rival.id != owners[rival.remote_id]
    )
    idle = rivals.filtered(lambda rival: rival.state == "skipped")
    idle.write({"remote_id": False, "fingerprint": False})
    idle.flush_recordset()
    taken = {owners[rival.remote_id]: rival for rival in rivals - idle}
    return [
        _refused(each, taken[each.binding]) if each.binding in taken else each
        for each in outcomes
    ]


def _holders(env, binding_id, remote_ids):
    """Return the bindings of the same account and object that hold `remote_ids`."""
    bindings = env["ac.binding"]
    if not remote_ids:
        return bindings
    sibling = bindings.browse(binding_id)
    return bindings.search(
        [
            ("config_id", "=", sibling.config_id.id),
            ("object", "=", sibling.object),
            ("remote_id", "in", remote_ids),
        ]
    )


def _refused(outcome, rival):
    message = rival.env._(
        "ActiveCampaign's record %(remote)s is already linked with %(name)s (id "
        "%(id)s). Merge the two records or correct the e-mail of one of them.",
        remote=outcome.remote_id,
        name=rival.display_name,
        id=rival.res_id,
    )
    return Outcome(outcome.binding, "failed", message=message)
