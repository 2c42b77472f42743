# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The dry run of a first load: what would happen, with nothing written anywhere else.

Every record in scope is mapped by the code that maps it in earnest; then the
contacts of ActiveCampaign are looked through for e-mails that are not linked yet.
One row per record (`ac.first.load.record`) keeps what was found, one row per load
how far we are: a worker that dies, or whose time is up, is followed by another.
"""

import time

from odoo.tools import SQL

from ..mapping.registry import fingerprint
from ..mapping.skip import Skip
from . import erased, gateway
from .survey_lookup import advance, locked, read
from .transaction import transaction
from .words import in_words

CHUNK = 250


def go_on(load, seconds):
    """Survey for so many seconds.

    :return: True when something is left to do
    :raise RetriableError: ActiveCampaign cannot be reached now; the next call goes on
    """
    end = time.monotonic() + seconds
    with gateway.open_client(load.config_id) as client:
        while _step(load, client):
            if time.monotonic() > end:
                return True
    return False


def _step(load, client):
    """Do one chunk or one page; return False when the survey is complete."""
    with transaction(load.env) as env:
        ours = locked(env, load)
        if ours.survey_state != "working":
            return False
        legs = _legs(ours.config_id)
        if ours.leg >= len(legs):
            ours._surveyed()
            return False
        work, synced_object = legs[ours.leg]
        if work == "map":
            _map_chunk(ours, synced_object)
    if work == "read":
        read(load, client, synced_object)
    return True


def _legs(config):
    """Return the way of a survey; `leg` of the load is the place in this list,
    `cursor` the last id or the offset that was looked at."""
    objects = [row for row in config._objects() if row.model == "res.partner"]
    return [("map", row) for row in objects] + [("read", row) for row in objects]


# Mapping -------------------------------------------------------------------------


def _map_chunk(load, synced_object):
    config = load.config_id
    model = load.env[synced_object.model].with_context(active_test=True)
    domain = [*config._load_domain(synced_object), ("id", ">", load.cursor)]
    records = model.search(domain, order="id", limit=CHUNK)
    load.env["ac.first.load.record"].create(_found(load, synced_object, records))
    load.looked_at += len(records)
    complete = len(records) < CHUNK
    if complete:
        _one_per_identity(load, synced_object)
    advance(load, records[-1:].id, complete)


def _found(load, synced_object, records):
    """Return the values of the rows that say what would become of `records`."""
    facts = facts_of(load.config_id, synced_object, records)
    links = _links(load, synced_object, records)
    gone = erased.people(load.config_id, synced_object, records)
    rows = []
    for record in records:
        row = {
            "load_id": load.id,
            "object": synced_object.name,
            "partner_id": record.id,
            "consent": _consent(facts, record),
        }
        link = links.get(record.id, load.env["ac.binding"])
        fate = _fate(load.config_id, synced_object, record, link, facts, gone)
        rows.append(row | fate)
    return rows


def facts_of(config, synced_object, records):
    """Read what the mapping needs beyond the records; once for the chunk.

    Whom the engine would mark on this occasion, a look leaves alone.
    """
    facts = config._facts(synced_object, records)
    config.env.cr.precommit.data.pop("ac_marks", None)
    return facts


def _links(load, synced_object, records):
    links = load.env["ac.binding"].search(
        [
            ("config_id", "=", load.config_id.id),
            ("object", "=", synced_object.name),
            ("res_id", "in", records.ids),
        ]
    )
    return {link.res_id: link for link in links}


def _consent(facts, record):
    told = facts.lists.get(record.id, {}).values()
    if 1 in told:
        return "subscribe"
    return "unsubscribe" if 2 in told else "no_list"


def _fate(config, synced_object, record, link, facts, gone):
    """Map one record as the engine does; return what would become of it."""
    try:
        erased.check(record, gone)
        config._check_sendable(record, record, link)
        payload = synced_object.to_ac(record, facts)
    except Skip as skip:
        return {"outcome": "skipped", "reason": skip.reason, "detail": skip.detail}
    except Exception as error:  # one bad record must not hurt its neighbours
        return {"outcome": "failed", "detail": in_words(error)}
    identity = synced_object.identity(payload)
    if not link.remote_id:
        return {"outcome": "new", "identity": identity}
    same = link.fingerprint == fingerprint(payload)
    return {"outcome": "unchanged" if same else "changed", "identity": identity}


def _one_per_identity(load, synced_object):
    """Skip all but one of the records with one identity, as `identity.assign` will."""
    load.env["ac.first.load.record"].flush_model()
    load.env.cr.execute(
        SQL(
            """
            UPDATE ac_first_load_record r
            SET outcome = 'skipped', reason = %(reason)s
            FROM (
                SELECT mine.id, mine.partner_id, FIRST_VALUE(mine.partner_id) OVER (
                    PARTITION BY mine.identity
                    ORDER BY (b.is_main AND b.identity = mine.identity) IS TRUE DESC,
                        mine.partner_id) AS main
                FROM ac_first_load_record mine LEFT JOIN ac_binding b
                    ON b.config_id = %(config)s AND b.object = mine.object
                    AND b.res_id = mine.partner_id
                WHERE mine.load_id = %(load)s AND mine.object = %(object)s
                    AND mine.identity IS NOT NULL) AS ranked
            WHERE r.id = ranked.id AND (ranked.main <> r.partner_id OR EXISTS (
                SELECT 1 FROM ac_binding other
                WHERE other.config_id = %(config)s AND other.object = r.object
                    AND other.is_main AND other.identity = r.identity
                    AND other.res_id <> r.partner_id AND NOT EXISTS (
                        SELECT 1 FROM ac_first_load_record known
                        WHERE known.load_id = r.load_id AND known.object = r.object
                            AND known.partner_id = other.res_id)))
            """,
            config=load.config_id.id,
            load=load.id,
            object=synced_object.name,
            reason=synced_object.shared,
        )
    )
    load.env["ac.first.load.record"].invalidate_model(flush=False)
