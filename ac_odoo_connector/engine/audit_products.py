# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Products of the catalogue, a hundred keys a request: who is there and visible."""

from .audit_step import DELETED, LOST, Check, Found, Step, cause_of
from .transaction import transaction

CHUNK = 100
"""Objects that one page of GraphQL has at most (REF:searches)."""


def begin(config):
    """Return the first position; None without a catalogue."""
    has_any = config.sync_products and config.ac_connection_id
    return {"after": 0, "here": 0, "there": 0} if has_any else None


def work(config, client, at):
    """Ask for the next hundred linked products."""
    with transaction(config.env) as env:
        config = env["ac.odoo.config"].browse(config.id)
        connection = config.ac_connection_id
        links = _links(env, config, at["after"])
    shown = _shown(client, connection, links)
    found = [_missing(link, key in shown) for key, *link in links if not shown.get(key)]
    here, there = at["here"] + len(links), at["there"] + len(links) - len(found)
    if len(links) == CHUNK:
        after = {"after": links[-1][1], "here": here, "there": there}
        return Step(after, found=tuple(found))
    return Step(None, (Check("product", "products", here, there),), tuple(found))


def _links(env, config, after):
    """Return ``(key, link id, AC id, record id, state)`` of what was not withdrawn."""
    env.cr.execute(
        """
        SELECT res_id::varchar, id, remote_id, res_id, state FROM ac_binding
        WHERE config_id = %s AND object = 'product' AND remote_id IS NOT NULL
            AND id > %s AND NOT COALESCE(sent->'filled' ? 'isDeleted', FALSE)
        ORDER BY id LIMIT %s
        """,
        (config.id, after, CHUNK),
    )
    return env.cr.fetchall()


def _shown(client, connection, links):
    """Return ``{key: whether it is in the catalogue}``."""
    if not links:
        return {}
    rows = client.graphql.products(connection, [link[0] for link in links])
    return {str(row["storePrimaryId"]): not row.get("isDeleted") for row in rows}


def _missing(link, known):
    _id, remote_id, res_id, state = link
    cause = cause_of(state, LOST if known else DELETED)
    there = "Deleted" if known else ""
    return Found("product", remote_id, res_id, cause, "record", "all", there=there)
