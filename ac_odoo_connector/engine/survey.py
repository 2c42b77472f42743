# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The dry run of a first load: what would happen, with nothing written anywhere else.

Every record in scope is mapped by the code that maps it in earnest; then the
contacts of ActiveCampaign are looked through for e-mails that are not linked yet.
One row per record (`ac.first.load.record`) keeps what was found, one row per load
how far we are: a worker that dies, or whose time is up, is followed by another.
"""

import time
from itertools import islice

from odoo.tools import SQL

from ..mapping.registry import fingerprint
from ..mapping.skip import Skip
from . import gateway
from .transaction import transaction
from .words import in_words

CHUNK = 250
PAGE = 100
"""Contacts that one page of ``GET /contacts`` holds at most (REF:pagination)."""
LOOKUPS = 20
"""E-mails that are asked for one by one before the next look at the clock."""


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
        ours = _locked(env, load)
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
        _read(load, client, synced_object)
    return True


def _legs(config):
    """Return the way of a survey; `leg` of the load is the place in this list,
    `cursor` the last id or the offset that was looked at."""
    objects = config._objects()
    return [("map", row) for row in objects] + [("read", row) for row in objects]


def _locked(env, load):
    """Return the load, locked so that two workers do not map the same chunk."""
    env.cr.execute("SELECT id FROM ac_first_load WHERE id = %s FOR UPDATE", (load.id,))
    return env["ac.first.load"].browse([id_ for (id_,) in env.cr.fetchall()])


def _advance(load, cursor, complete):
    """Note how far we are; a leg that is complete is followed by the next one."""
    if complete:
        load.write({"leg": load.leg + 1, "cursor": 0})
    else:
        load.cursor = cursor


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
    _advance(load, records[-1:].id, complete)


def _found(load, synced_object, records):
    """Return the values of the rows that say what would become of `records`."""
    facts = facts_of(load.config_id, synced_object, records)
    links = _links(load, synced_object, records)
    rows = []
    for record in records:
        row = {
            "load_id": load.id,
            "object": synced_object.name,
            "partner_id": record.id,
            "consent": _consent(facts, record),
        }
        link = links.get(record.id, load.env["ac.binding"])
        rows.append(row | _fate(load.config_id, synced_object, record, link, facts))
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


def _fate(config, synced_object, record, link, facts):
    """Map one record as the engine does; return what would become of it."""
    try:
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


# Reading -------------------------------------------------------------------------


def _read(load, client, synced_object):
    """Look up one page of what ActiveCampaign holds, by the way that was chosen."""
    way, cursor = _way(load, client, synced_object)
    found, last, complete = WAYS[way](load, client, synced_object, cursor)
    with transaction(load.env) as env:
        ours = _locked(env, load)
        _link(ours, synced_object, found)
        ours.contacts_read = min(ours.contacts_read + PAGE, ours.contacts_total)
        if complete:
            ours.contacts_read = ours.contacts_total
            _existing_only(ours, synced_object)
        _advance(ours, last, complete)


def _way(load, client, synced_object):
    """Return `(way, cursor)`; at the start, choose the way that takes fewer requests.

    The pages of all contacts, or the unlinked e-mails one by one: an account may
    hold a million contacts while ten partners are loaded.
    """
    with transaction(load.env) as env:
        ours = env["ac.first.load"].browse(load.id)
        way, cursor = ours.reading, ours.cursor
        unlinked = env["ac.first.load.record"].search_count(_new(load, synced_object))
    if cursor:
        return way, cursor
    total = _total(client, synced_object) if unlinked else 0
    way = "offset"
    if synced_object.name == "contact":
        way = "email" if unlinked <= total / PAGE else "page"
    to_read = unlinked if way == "email" else total
    with transaction(load.env) as env:
        ours = env["ac.first.load"].browse(load.id)
        ours.write({"reading": way, "contacts_total": to_read, "contacts_read": 0})
    return way if unlinked else "nothing", cursor


def _total(client, synced_object):
    """Return how many objects the account holds; one request."""
    path = f"/{synced_object.path}"
    page = client.request("GET", path, params={"limit": 1}).data
    return int((page.get("meta") or {}).get("total") or 0)


def _new(load, synced_object):
    return [
        ("load_id", "=", load.id),
        ("object", "=", synced_object.name),
        ("outcome", "=", "new"),
    ]


def _by_page(load, client, synced_object, cursor):
    """Return `({e-mail: AC id}, last AC id, whether it was the last page)`."""
    page = list(islice(client.contacts.list(id_greater=cursor), PAGE))
    found = {contact["email"].strip().lower(): str(contact["id"]) for contact in page}
    last = int(page[-1]["id"]) if page else cursor
    return found, last, len(page) < PAGE


def _by_email(load, client, synced_object, cursor):
    """The same for the next few unlinked e-mails, a request each."""
    with transaction(load.env) as env:
        rows = env["ac.first.load.record"].search(
            _new(load, synced_object) + [("id", ">", cursor)], order="id", limit=LOOKUPS
        )
        emails = {row.id: row.identity for row in rows}
    contacts = [
        next(client.contacts.list(email=each), None) for each in emails.values()
    ]
    found = {
        contact["email"].strip().lower(): str(contact["id"])
        for contact in contacts
        if contact
    }
    return found, max(emails, default=cursor), len(emails) < LOOKUPS


def _by_offset(load, client, synced_object, cursor):
    """The same for accounts, which know no order: `({name: AC id}, offset, end)`."""
    page = list(islice(client.accounts.list(offset=cursor), PAGE))
    found = {each["name"].strip().lower(): str(each["id"]) for each in page}
    return found, cursor + len(page), len(page) < PAGE


def _nothing(load, client, synced_object, cursor):
    """Everything is linked: there is nothing to look up."""
    return {}, cursor, True


WAYS = {
    "page": _by_page,
    "email": _by_email,
    "offset": _by_offset,
    "nothing": _nothing,
}


def _link(load, synced_object, found):
    """Note which records ActiveCampaign holds already; one statement."""
    load.env.cr.execute(
        """
        UPDATE ac_first_load_record r SET outcome = 'found', remote_id = v.remote_id
        FROM unnest(%s::text[], %s::text[]) AS v(identity, remote_id)
        WHERE r.load_id = %s AND r.object = %s AND r.outcome = 'new'
            AND r.identity = v.identity
        """,
        (list(found), list(found.values()), load.id, synced_object.name),
    )


def _existing_only(load, synced_object):
    """Skip what ActiveCampaign does not hold, where the account wants it so."""
    if load.config_id.consent_mode == "existing":
        load.env["ac.first.load.record"].search(_new(load, synced_object)).write(
            {"outcome": "skipped", "reason": "not_in_ac"}
        )
