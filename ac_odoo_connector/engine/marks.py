# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How a change gets into the outbox: a row in the transaction of the change itself."""

from psycopg2.errors import SerializationFailure

from odoo.tools import SQL

from ..mapping.registry import OBJECTS
from .wake import wake_after_commit

LIVE, BATCH = 0, 1
"""Priorities: what a person has just saved goes before a run."""
NOTHING, SAVEPOINT = SQL(), SQL("SAVEPOINT ac_mark;")
NOW = SQL("(clock_timestamp() AT TIME ZONE 'UTC')")


def mark(env, changed):
    """Note in the caller's transaction that records changed; one statement.

    The engine may have touched a row since this transaction began; then the mark
    waits in `ac.mark`, where nothing can conflict, for the next claim. The savepoint
    travels with the statement and ends with the transaction: people wait for this.

    :param changed: ``{name in mapping.registry.OBJECTS: record ids}``
    """
    try:
        config_ids = _mark_ids(env, changed, SAVEPOINT)
    except SerializationFailure:
        env.cr.execute("ROLLBACK TO SAVEPOINT ac_mark")
        config_ids = _mark_aside(env, changed)
    wake_after_commit(env, config_ids, "push")


def _mark_ids(env, changed, first=NOTHING):
    objects = [OBJECTS[name] for name in changed]
    records = SQL(" UNION ALL ").join(
        _records(env, each, SQL("id = ANY(%s)", list(changed[each.name])))
        for each in objects
    )
    return _mark(env, objects, records, SQL("TRUE"), LIVE, None, first)


def _records(env, synced_object, which):
    """Return the statement for the records of an object, as `_INSERT` wants them."""
    table = SQL.identifier(env[synced_object.model]._table)
    if synced_object.flag:
        which = SQL("%s AND %s", which, _flagged(synced_object, table))
    return SQL(
        "SELECT id, %s AS company_id, %s::varchar AS object, %s::varchar AS model "
        "FROM %s WHERE %s",
        _company(synced_object),
        synced_object.name,
        synced_object.model,
        table,
        which,
    )


def _company(synced_object):
    if not synced_object.holder:
        return SQL.identifier("company_id")
    column, table = map(SQL.identifier, synced_object.holder)
    return SQL("(SELECT h.company_id FROM %s h WHERE h.id = %s)", table, column)


def _flagged(synced_object, table):
    """Return the condition for records that are such an object, or were."""
    return SQL(
        """(%s OR EXISTS (SELECT 1 FROM ac_binding known
            WHERE known.object = %s AND known.res_id = %s.id))""",
        SQL.identifier(table.code.strip('"'), synced_object.flag),
        synced_object.name,
        table,
    )


def _mark_aside(env, changed):
    """Keep marks for the next claim, of what an account takes now: who takes orders
    from tomorrow on has not missed today's."""
    for name, ids in changed.items():
        env.cr.execute(
            SQL(
                """INSERT INTO ac_mark (object, res_id) SELECT r.object, unnest(%s)
                FROM (SELECT %s::varchar AS object) r WHERE EXISTS (
                    SELECT 1 FROM ac_odoo_config c
                    WHERE c.state = 'confirmed' AND c.active AND %s)""",
                list(ids),
                name,
                _switched_on(OBJECTS[name]),
            )
        )
    env.cr.execute("SELECT id FROM ac_odoo_config WHERE state = 'confirmed' AND active")
    return {config_id for (config_id,) in env.cr.fetchall()}


def fetch_marks(env, synced_object):
    """Turn the marks that wait aside into pending bindings."""
    env.cr.execute(
        "DELETE FROM ac_mark WHERE object = %s RETURNING res_id", (synced_object.name,)
    )
    if ids := {res_id for (res_id,) in env.cr.fetchall()}:
        _mark_ids(env, {synced_object.name: ids})


def mark_people(env, binding_id):
    """Mark the contacts of a company whose account has just been made or adopted;
    they were sent without it. One statement."""
    env.cr.execute(
        """
        UPDATE ac_binding b SET state = 'pending', priority = 0
        FROM ac_binding main, ac_binding company, res_partner p
        WHERE main.id = %s AND company.config_id = main.config_id
            AND company.object = 'account' AND company.identity = main.identity
            AND b.config_id = main.config_id
            AND b.object = 'contact' AND b.state IN ('synced', 'sent', 'sending')
            AND p.id = b.res_id AND p.commercial_partner_id = company.res_id
        RETURNING b.config_id
        """,
        (binding_id,),
    )
    wake_after_commit(env, {row[0] for row in env.cr.fetchall()}, "push")


def mark_orders(env, binding_ids):
    """Mark the orders that were skipped because their contact was none, and wake those
    that wait for it. One statement.

    The contact speaks for the other records with its e-mail and for the people of its
    company, too.

    :param binding_ids: of contacts that have an AC id now
    """
    env.cr.execute(_MARK_ORDERS, (binding_ids,))
    for config_id, priority in set(env.cr.fetchall()):
        wake_after_commit(env, {config_id}, "run" if priority else "push")


_MARK_ORDERS = """
WITH main AS (
    SELECT config_id, res_id, identity FROM ac_binding
    WHERE id = ANY(%s) AND object = 'contact' AND remote_id IS NOT NULL),
person AS (
    SELECT config_id, res_id FROM main
    UNION SELECT other.config_id, other.res_id
    FROM main JOIN ac_binding other ON other.config_id = main.config_id
        AND other.object = 'contact' AND other.identity = main.identity
        AND NOT other.is_main AND other.state = 'skipped'),
buyer AS (
    SELECT config_id, res_id AS id FROM person
    UNION SELECT person.config_id, p.id
    FROM person JOIN res_partner p ON p.commercial_partner_id = person.res_id)
UPDATE ac_binding b SET state = 'pending'
FROM buyer JOIN sale_order o ON o.partner_id = buyer.id
WHERE b.config_id = buyer.config_id AND b.object IN ('deal', 'order')
    AND b.res_id = o.id AND b.claim IS NULL
    AND (b.state = 'pending' OR b.skip_reason = 'no_contact')
RETURNING b.config_id, b.priority
"""


def mark_lost(env, config, object_name, remote_id):
    """An object is gone over there: its record tells everything again."""
    env.cr.execute(
        """UPDATE ac_binding SET state = 'pending', priority = 0, fingerprint = NULL,
            marked_at = now() AT TIME ZONE 'UTC',
            sent = COALESCE(sent, '{}') || '{"unsure": true}'
        WHERE config_id = %s AND object = %s AND remote_id = %s""",
        (config.id, object_name, remote_id),
    )
    wake_after_commit(env, config.ids, "push")


def mark_differing(links):
    """Compare contacts anew with what ActiveCampaign was told, for it may have lost it."""
    links.write({"fingerprint": False, "state": "pending", "priority": LIVE})
    wake_after_commit(links.env, links.config_id.ids, "push")


def mark_again(config):
    """Compare all links anew: what changed while nothing was marked; one statement.

    What a person has stopped stays stopped.
    """
    config.env["ac.binding"].flush_model()
    config.env.cr.execute(
        """UPDATE ac_binding SET state = 'pending', priority = %s
        WHERE config_id = %s AND state IN ('synced', 'skipped')
            AND skip_reason IS DISTINCT FROM 'stopped'""",
        (BATCH, config.id),
    )
    config.env["ac.binding"].invalidate_model(flush=False)
    if config.env.cr.rowcount:
        wake_after_commit(config.env, config.ids, "run")


def mark_withheld(configs):
    """Compare the contacts of accounts anew: what was withheld counts as told, but may
    be told from now on. One statement."""
    configs.env["ac.binding"].flush_model()
    configs.env.cr.execute(
        """UPDATE ac_binding SET state = 'pending', priority = %s, fingerprint = NULL
        WHERE config_id = ANY(%s) AND object = 'contact' AND state = 'synced'""",
        (BATCH, configs.ids),
    )
    configs.env["ac.binding"].invalidate_model(flush=False)
    wake_after_commit(configs.env, configs.ids, "run")


def mark_query(config, synced_object, query, run=None):
    """Note that every record of `query` is to be looked at; one statement.

    :param query: an `odoo.tools.Query` over the object's model
    :param run: the `ac.sync.run` that shows the progress, if any
    :return: number of marked records
    """
    env = config.env
    records = _records(env, synced_object, SQL("id IN %s", query.subselect()))
    only = SQL("c.id = %s", config.id)
    _mark(env, [synced_object], records, only, BATCH, run and run.id)
    return env.cr.rowcount


def _mark(env, objects, records, which, priority, run_id, first=NOTHING):
    env.cr.execute(
        SQL(
            _INSERT,
            first=first,
            switched_on=SQL(" AND ").join(map(_switched_on, objects)),
            priority=priority,
            run=run_id,
            now=NOW,
            uid=env.uid,
            records=records,
            which=which,
        ),
        log_exceptions=False,  # a conflict with the engine is retried by Odoo
    )
    env["ac.binding"].invalidate_model(flush=False)
    env["ac.sync.run"].invalidate_model(["binding_ids"], flush=False)
    for model in {each.model for each in objects}:
        env[model].invalidate_model(["ac_binding_ids"], flush=False)
    return {config_id for (config_id,) in env.cr.fetchall()}


def _switched_on(synced_object):
    """Return the condition for accounts that synchronise such records."""
    if not synced_object.switch:
        return SQL("TRUE")
    switch = SQL.identifier("c", synced_object.switch)
    return SQL("(r.object <> %s OR %s)", synced_object.name, switch)


_INSERT = """
%(first)s INSERT INTO ac_binding AS b (
    config_id, company_id, object, res_model, res_id, state, priority,
    run_id, tries, is_main, marked_at,
    create_uid, create_date, write_uid, write_date
)
SELECT c.id, c.company_id, r.object, r.model, r.id, 'pending',
    %(priority)s, %(run)s, 0, FALSE, %(now)s,
    %(uid)s, %(now)s, %(uid)s, %(now)s
FROM (%(records)s) r JOIN ac_odoo_config c
    ON c.state = 'confirmed' AND c.active AND %(switched_on)s AND %(which)s
WHERE c.company_id IS NULL OR r.company_id IS NULL
    OR c.company_id = r.company_id OR EXISTS (
        SELECT 1 FROM ac_binding known
        WHERE known.config_id = c.id AND known.res_id = r.id
            AND known.object = r.object)
ON CONFLICT (config_id, object, res_id) DO UPDATE SET
    state = 'pending', tries = 0, next_try_at = NULL,
    marked_at = EXCLUDED.marked_at, write_date = EXCLUDED.write_date,
    run_id = COALESCE(EXCLUDED.run_id, b.run_id),
    priority = CASE WHEN b.state = 'pending'
        THEN LEAST(b.priority, EXCLUDED.priority)
        ELSE EXCLUDED.priority END
RETURNING config_id
"""
