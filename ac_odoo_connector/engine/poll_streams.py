# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can be polled: how each stream begins, asks, looks and goes on.

`begin(config, after)` the first position, plain JSON · `target(env, config, state)` what
the next request needs from the database · `fetch(client, position, target)` one `Page` ·
`questions(env, config, page, target)` what must be read to know more, `answers(client,
questions, target)` · `findings(env, config, page, target, answers)` what is news ·
`advance(page, target)` the next position, None at the end of the pass.

No database cursor is open while ActiveCampaign is asked.
"""

from datetime import timezone

from ..mapping.event import BOUNCED
from . import news_contacts, news_deals, news_doings, news_lists, walks
from .news import moment


class Stream:
    """What most streams do."""

    def target(self, _env, _config, _state):
        return None

    def questions(self, _env, _config, _page, _target):
        return []

    def answers(self, _client, _questions, _target):
        return {}

    def advance(self, page, _target):
        return None if page.last else page.position


class Contacts(Stream):
    """Contacts by ``filters[updated_after]``, in the order of their ids."""

    def begin(self, _config, after):
        return {"after": _written(after), "last": 0}

    def fetch(self, client, position, _target):
        query = {"filters[updated_after]": position["after"]}
        return walks.contacts(client, position, include=news_contacts.INCLUDE, **query)

    def findings(self, env, config, page, _target, _answers):
        """Rows older than the window are left: not every server knows the filter."""
        fresh = [c for c in page.records if _is_fresh(c.get("udate"), page.position)]
        page = walks.Page(fresh, page.position, page.last, page.beside)
        return news_contacts.changed_contacts(env, config, page)

    def advance(self, page, _target):
        return (
            walks.once_more(page.position, "contacts") if page.last else page.position
        )


class Lists(Stream):
    """Who has left a list or was bounced: list and status are the API's own filters,
    while a change of a subscription need not change the contact's date."""

    def begin(self, config, _after):
        lists = config.env["ac.metadata"]._entries(config, "list")
        return {"pairs": walks.pairs(lists.mapped("remote_id")), "last": 0}

    def fetch(self, client, position, _target):
        return walks.members(client, position)

    def target(self, _env, _config, state):
        return (state.position["pairs"] or [None])[0]

    def questions(self, env, config, page, target):
        return members_unheard(env, config, page, target)

    def answers(self, client, questions, target):
        return memberships(client, questions, target)

    def findings(self, env, config, page, target, answers):
        return members_findings(env, config, page, target, answers)


def members_unheard(env, config, page, pair):
    """Return the AC ids of those whose subscription has to be read: news, few."""
    if not pair or pair[1] == BOUNCED:
        return []
    unheard = news_lists.unheard_members(env, config, page, *pair)
    return [link.remote_id for _contact, link in unheard]


def memberships(client, contact_ids, pair):
    """Return ``{AC contact id: row of contactLists}`` of one list; a request each."""
    return {id_: _membership(client, id_, pair[0]) for id_ in contact_ids}


def members_findings(env, config, page, pair, rows):
    """Return the findings of a page of `walks.members`."""
    if not pair:
        return []
    unheard = news_lists.unheard_members(env, config, page, *pair)
    return news_lists.of_members(env, config, unheard, rows, *pair)


def _membership(client, contact_id, list_id):
    rows = client.contact_lists.of_contact(contact_id)
    return next((row for row in rows if str(row["list"]) == list_id), {})


class Deals(Stream):
    """Deals by ``filters[updated_after]``, until none is missing."""

    def begin(self, _config, after):
        return {"after": _written(after), "offset": 0, "seen": []}

    def fetch(self, client, position, _target):
        query = {"filters[updated_after]": position["after"]}
        return walks.deals(client, position, **query)

    def findings(self, env, config, page, _target, _answers):
        return news_deals.moved_deals(env, config, page)

    def advance(self, page, _target):
        seen = {*page.position["seen"], *(str(deal["id"]) for deal in page.records)}
        position = {**page.position, "seen": sorted(seen), "found": len(seen)}
        return walks.once_more(position, "deals") if page.last else position


class Activities(Stream):
    """What contacts have done. The API has no such list for all (OAS
    list-contact-activities): linked contacts are asked for one after the other."""

    def begin(self, _config, after):
        return {"after": _written(after), "last": 0, "offset": 0}

    def target(self, env, config, state):
        """Return the contact whose turn it is, None at the end."""
        return env["ac.poll.state"]._next_contact(config, state.position["last"])

    def fetch(self, client, position, target):
        if not target:
            return walks.Page([], position, True)
        after, id_ = position["after"], target.remote_id
        return walks.activities(client, position, id_, after)

    def findings(self, env, config, page, target, _answers):
        return news_doings.of_contact(env, config, page, target) if target else []

    def advance(self, page, target):
        if not target:
            return None
        done = {"last": int(target.remote_id)} if page.last else {}
        return {**page.position, **done}


def _written(value):
    """Return a moment of Odoo (naive, UTC) as the API's filters take it."""
    return value.replace(tzinfo=timezone.utc).isoformat()


def _is_fresh(udate, position):
    changed = moment(udate)
    return not changed or changed >= moment(position["after"])


STREAMS = {
    "contacts": Contacts(),
    "lists": Lists(),
    "deals": Deals(),
    "activities": Activities(),
}
