# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which record speaks for an identity (contacts: the e-mail, accounts: the name).

ActiveCampaign holds one contact per e-mail, Odoo may hold several partners with
it. The *main* one is linked; the others are skipped with its name, and take
over when it lets the e-mail go.
"""

from .outbox import Outcome
from .wake import wake_after_commit


def assign(env, config, synced_object, payloads, bindings):
    """Give every payload's identity to one binding; return outcomes for the others.

    The one that has it keeps it, else the oldest record gets it. Workers of one
    account take turns here (advisory lock until the short transaction ends), so
    two chunks cannot both win.

    :param payloads: ``{binding id: payload}``
    :return: list of `Outcome`, state skipped
    """
    wanted = {id_: synced_object.identity(payload) for id_, payload in payloads.items()}
    if all(_has(binding, wanted.get(binding.id)) for binding in bindings):
        return []
    take_turn(env, config)
    mains = _mains_elsewhere(env, config, synced_object, wanted, bindings)
    losers = []
    for binding in bindings.filtered(lambda b: b.id in wanted).sorted(
        lambda b: (not (b.is_main and b.identity == wanted[b.id]), b.res_id)
    ):
        main = mains.setdefault(wanted[binding.id], binding.res_id)
        if main != binding.res_id:
            losers.append(_shared(env, synced_object, binding, main))
    freed = {b.identity for b in bindings if b.is_main} - set(wanted.values())
    _write(env, bindings, wanted, {loser.binding for loser in losers})
    hand_over(env, config.ids, synced_object.name, freed)
    return losers


def _has(binding, identity):
    """Whether a binding holds just what it wants; None is for nothing."""
    return (binding.identity or None, binding.is_main) == (identity, bool(identity))


def take_turn(env, config):
    """Let one worker of an account at a time give out identities, until its short
    transaction ends."""
    env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK, config.id))


_LOCK = 20181  # any number: the first half of the advisory lock's key


def _mains_elsewhere(env, config, synced_object, wanted, bindings):
    """Return `{identity: record id}` of the main records outside this chunk."""
    env.cr.execute(
        """
        SELECT identity, res_id FROM ac_binding
        WHERE config_id = %s AND object = %s AND is_main
            AND identity = ANY(%s) AND id <> ALL(%s)
        """,
        (config.id, synced_object.name, list(wanted.values()), bindings.ids),
        log_exceptions=False,  # it names people, as in `outbox.settle`
    )
    return dict(env.cr.fetchall())


def _shared(env, synced_object, binding, main_id):
    main = env[synced_object.model].browse(main_id)
    record = env[synced_object.model].browse(binding.res_id)
    readable = main.exists() and main.company_id in (
        record.company_id,
        record.company_id.browse(),
    )
    return Outcome(
        binding.id,
        "skipped",
        reason=synced_object.shared,
        message=env._(
            "Main record: %(name)s (id %(id)s)",
            name=main.display_name if readable else "…",
            id=main_id,
        ),
    )


def not_yet_free(env, config, synced_object, payloads, bindings):
    """Return outcomes for identities that AC still knows another of our records by.

    That record has a new identity here, but AC has not been told yet: an upsert
    would put one person's data on another's contact.
    """
    if not payloads:
        return []
    wanted = {synced_object.identity(payload): id_ for id_, payload in payloads.items()}
    env.cr.execute(
        """
        SELECT sent->>'identity' FROM ac_binding
        WHERE config_id = %s AND object = %s AND remote_id IS NOT NULL
            AND state <> 'skipped' AND sent->>'identity' = ANY(%s) AND id <> ALL(%s)
        """,
        (config.id, synced_object.name, list(wanted), bindings.ids),
        log_exceptions=False,
    )
    message = env._(
        "ActiveCampaign still knows another record by this e-mail or name; "
        "it is changed first."
    )
    return [
        Outcome(wanted[identity], "failed", message=message)
        for (identity,) in env.cr.fetchall()
    ]


def _write(env, bindings, wanted, lost):
    """Store what changed; mains are lowered first so that two may swap theirs.

    A link without an AC id keeps what it was called: a call whose answer was lost may
    have made it by that name (`engine.lost_contact`).
    """
    changed = {
        binding.id: (wanted.get(binding.id), main, _last_name(binding))
        for binding in bindings
        if (main := binding.id in wanted and binding.id not in lost) != binding.is_main
        or (binding.identity or None) != wanted.get(binding.id)
    }
    if not changed:
        return
    env.cr.execute(
        """
        UPDATE ac_binding SET is_main = FALSE, identity = NULL WHERE id = ANY(%(ids)s);
        UPDATE ac_binding b SET identity = v.identity, is_main = v.is_main,
            intended_as = COALESCE(v.last, b.intended_as)
        FROM unnest(%(ids)s::int[], %(identities)s::text[], %(mains)s::bool[],
            %(lasts)s::text[]) AS v(id, identity, is_main, last)
        WHERE b.id = v.id
        """,
        {
            "ids": list(changed),
            "identities": [identity for identity, _main, _last in changed.values()],
            "mains": [main for _identity, main, _last in changed.values()],
            "lasts": [last for _identity, _main, last in changed.values()],
        },
        log_exceptions=False,
    )
    fields = ["identity", "is_main", "intended_as"]
    bindings.invalidate_recordset(fields, flush=False)


def _last_name(binding):
    sent = binding.object == "contact" and binding.is_main and not binding.remote_id
    return (sent and binding.identity) or None


def inherit(env, bindings):
    """Give the links of records about to go to the oldest record that waits for each.

    :param bindings: links of records about to be deleted
    :return: those of `bindings` that exist no more
    """
    gone = bindings.browse()
    for binding in bindings.filtered("is_main"):
        heir = bindings.search(
            [
                ("config_id", "=", binding.config_id.id),
                ("object", "=", binding.object),
                ("identity", "=", binding.identity),
                ("is_main", "=", False),
                ("id", "not in", bindings.ids),
            ],
            order="res_id",
            limit=1,
        )
        if heir:
            link = {name: binding[name] for name in ("remote_id", "sent", "identity")}
            binding.unlink()
            gone |= binding
            heir.write({**link, "state": "pending", "priority": 0})
            wake_after_commit(env, heir.config_id.ids, "push")
    return gone


def hand_over(env, config_ids, object_name, identities):
    """Mark the records that waited for `identities`, which are free now."""
    if not identities:
        return
    env.cr.execute(
        """
        UPDATE ac_binding SET state = 'pending', priority = 0
        WHERE config_id = ANY(%s) AND object = %s AND identity = ANY(%s)
            AND NOT is_main AND state = 'skipped'
        RETURNING config_id
        """,
        (list(config_ids), object_name, list(identities)),
        log_exceptions=False,
    )
    wake_after_commit(env, {row[0] for row in env.cr.fetchall()}, "push")
