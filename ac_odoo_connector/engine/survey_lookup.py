# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which records of a dry run ActiveCampaign knows already; a page at a time."""

from itertools import islice

from .transaction import transaction

PAGE = 100
"""Objects that one page of a list holds at most (REF:pagination)."""
LOOKUPS = 20
"""E-mails that are asked for one by one before the next look at the clock."""


def locked(env, load):
    """Return the load, locked so that two workers do not map the same chunk."""
    env.cr.execute("SELECT id FROM ac_first_load WHERE id = %s FOR UPDATE", (load.id,))
    return env["ac.first.load"].browse([id_ for (id_,) in env.cr.fetchall()])


def advance(load, cursor, complete):
    """Note how far we are; a leg that is complete is followed by the next one."""
    if complete:
        load.write({"leg": load.leg + 1, "cursor": 0})
    else:
        load.cursor = cursor


def read(load, client, synced_object):
    """Look up one page of what ActiveCampaign holds, by the way that was chosen."""
    way, cursor = _way(load, client, synced_object)
    found, last, complete = WAYS[way](load, client, synced_object, cursor)
    with transaction(load.env) as env:
        ours = locked(env, load)
        _link(ours, synced_object, found)
        ours.contacts_read = min(ours.contacts_read + PAGE, ours.contacts_total)
        if complete:
            ours.contacts_read = ours.contacts_total
            _existing_only(ours, synced_object)
        advance(ours, last, complete)


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
        log_exceptions=False,  # it names people, as in `outbox.settle`
    )


def _existing_only(load, synced_object):
    """Skip what ActiveCampaign does not hold, where the account wants it so."""
    if load.config_id.consent_mode == "existing":
        load.env["ac.first.load.record"].search(_new(load, synced_object)).write(
            {"outcome": "skipped", "reason": "not_in_ac"}
        )
