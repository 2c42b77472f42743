# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts that carry the connector's own tags, against the links that were told so.

One request a tag where the numbers agree. Where they do not, all contacts with the tag
are gone through, a hundred a request, to name those that differ.
"""

from odoo.tools import SQL

from . import walks
from .audit_step import (
    DELETED,
    FOREIGN,
    LINES_PER_STEP,
    LOST,
    Check,
    Found,
    Step,
    cause_of,
)
from .transaction import transaction

SEEN = "tag"


def begin(config):
    """Return the tags to be counted."""
    tags = [name for name in (config.customer_tag, config.lead_tag) if name]
    return {"tags": tags} if tags else None


def work(config, client, at):
    """Count one tag, take a page of it, or say who differs."""
    if "there" in at:
        return _compare(config, client, at)
    tag_id = at.get("id") or _tag_id(config, client, at["tags"][0])
    if not tag_id:  # no contact can carry it
        return Step({**at, "there": 0})
    page = walks.contacts(client, at, tagid=tag_id)
    with transaction(config.env) as env:
        here = _count(env, config, at["tags"][0])
        if page.position["total"] == here and not at.get("last"):
            return Step(_following(at), checks=(_check(at, here, here),))
        run = env["ac.audit.run"]._running(config)
        run._saw(SEEN, {str(contact["id"]): {} for contact in page.records})
    if page.last:
        return Step({"tags": at["tags"], "there": page.position["found"]})
    return Step({**page.position, "id": tag_id})


def _tag_id(config, client, name):
    with transaction(config.env) as env:
        known = env["ac.metadata"]._ids_by_name(config, "tag").get(name.lower())
    if known:
        return known
    for tag in client.tags.list(search=name):
        if str(tag.get("tag")).lower() == name.lower():
            return str(tag["id"])
    return None


def _following(at):
    """Return the position of the next tag, None after the last."""
    tags = at["tags"][1:]
    return {"tags": tags} if tags else None


def _check(at, here, there):
    return Check("contact", at["tags"][0], here, there)


def _told(name):
    """Return the condition for links that were told of a tag, in any case."""
    return SQL(
        """b.object = 'contact' AND b.remote_id IS NOT NULL
        AND lower((b.sent->'tags')::text)::jsonb ? lower(%s)""",
        name,
    )


def _count(env, config, name):
    query = "SELECT count(*) FROM ac_binding b WHERE b.config_id = %s AND %s"
    env.cr.execute(SQL(query, config.id, _told(name)))
    return env.cr.fetchone()[0]


def _compare(config, client, at):
    name = at["tags"][0]
    with transaction(config.env) as env:
        run = env["ac.audit.run"]._running(config)
        here = _count(env, config, name)
        missing, more_missing = _rows(env, _MISSING, run, config, name)
        foreign, more_foreign = _rows(env, _FOREIGN, run, config, name)
        run._forget_seen()
    there = _still_there(client, [id_ for id_, _res, state in missing])
    found = [_missing(row, there, name) for row in missing]
    found += [_foreign(row, name) for row in foreign]
    return Step(
        _following(at),
        checks=(_check(at, here, at["there"]),),
        found=tuple(found),
        more=more_missing + more_foreign,
    )


def _rows(env, query, run, config, name):
    """Return the first rows ``(AC id, record id, state)`` and how many more there are."""
    values = {"run": run.id, "config": config.id, "told": _told(name), "tag": SEEN}
    env.cr.execute(SQL(query, limit=LINES_PER_STEP, **values))
    rows = env.cr.fetchall()
    more = rows[0][-1] - len(rows) if rows else 0
    return [row[:-1] for row in rows], more


def _still_there(client, ids):
    found = client.contacts.list(**{"ids[]": ids}) if ids else ()
    return {str(contact["id"]) for contact in found}


def _missing(row, there, name):
    remote_id, res_id, state = row
    cause = cause_of(state, LOST if remote_id in there else DELETED)
    unit = f"tag {name}"
    return Found("contact", remote_id, res_id, cause, "tag", unit, here=name)


def _foreign(row, name):
    remote_id, res_id, _state = row
    return Found("contact", remote_id, res_id or 0, FOREIGN, "tag", there=name)


_MISSING = """
SELECT b.remote_id, b.res_id, b.state, count(*) OVER () FROM ac_binding b
WHERE b.config_id = %(config)s AND %(told)s AND NOT EXISTS (
    SELECT 1 FROM ac_audit_seen s WHERE s.run_id = %(run)s AND s.kind = %(tag)s
        AND s.remote_id = b.remote_id)
ORDER BY b.id LIMIT %(limit)s
"""
_FOREIGN = """
SELECT s.remote_id, l.res_id, l.state, count(*) OVER () FROM ac_audit_seen s
LEFT JOIN ac_binding l ON l.config_id = %(config)s AND l.object = 'contact'
    AND l.remote_id = s.remote_id
WHERE s.run_id = %(run)s AND s.kind = %(tag)s AND NOT EXISTS (
    SELECT 1 FROM ac_binding b WHERE b.config_id = %(config)s
        AND b.remote_id = s.remote_id AND %(told)s)
ORDER BY s.remote_id LIMIT %(limit)s
"""
