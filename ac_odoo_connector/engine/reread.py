# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts as they are now: a webhook is a hint, the account has the truth."""

import logging
import time
from datetime import datetime, timezone

from odoo.tools import split_every

from ..activecampaign import (
    ActiveCampaignError,
    AuthenticationError,
    FatalError,
    Paused,
    RateLimited,
    ServerError,
    SkippableError,
    Unreachable,
    WrongHost,
)
from .field_values import written

_logger = logging.getLogger(__name__)

PAGE = 100
"""Contacts that one page of ``GET /contacts`` holds at most (REF:pagination)."""
SECONDS = 20
"""Of reading in one chunk: within a lease, and within a worker's time limit."""
FEW = 5
"""Contacts whose scores are asked for, too: a request each, a second for all. In a crowd
everybody would wait for them; a score comes with the next change of its contact."""
PARTS = ("fieldValues", "contactLists")
"""What a list of contacts brings along where the account looks at ``include``; it is
documented for other lists only, so an answer without it is expected."""
FORBIDDEN = 403
"""What ActiveCampaign may say of one contact alone; 401 and 402 are about the key."""


class Reading:
    """What became of contacts that were to be read again.

    :ivar found: ``{AC id: contact}``: REST's object with three more keys, ``fields``
        ``{AC field id: text}``, ``lists`` ``{AC list id: status}``, 1 subscribed,
        2 unsubscribed, 3 bounced, and ``read_at``, the moment (UTC) before it was asked
        for; with `scores` a fourth, ``scoreValues``
    :ivar failed: ``{AC id: error}`` of those that cannot be read, while others can
    :ivar left: AC ids that were not asked for; who is in none of them is gone
    :ivar error: why reading ended early, None when it did not
    :param parts: what nobody can do without; where it is nothing, no account needs more
        than a request for a hundred
    """

    def __init__(self, ids, scores=False, parts=PARTS):
        self.left, self.scores, self.parts = set(ids), scores, parts
        self.found, self.failed, self.error = {}, {}, None

    def run(self, client):
        """Read until all are read or the time is over.

        One request for a hundred contacts; one each where the account's lists do not
        bring the values along.

        :raise ActiveCampaignError: it is about the account, not about single contacts
        """
        end = time.monotonic() + SECONDS
        self._read_until(client, end)
        self._check_account(client)
        if self.scores:
            self._read_scores(client, end)

    def _read_until(self, client, end):
        for page in split_every(PAGE, sorted(self.left), list):
            rows = _page(client, page, self.parts) if len(page) > 1 else {}
            for contact_id in page:
                self._read_one(client, contact_id, rows.get(contact_id))
                self.left.discard(contact_id)
                if time.monotonic() > end:  # one at least: or nothing would go on
                    return

    def _read_one(self, client, contact_id, row):
        """Take a contact from its page, else ask for it alone: a page may lack one that
        is there, and what is taken for deleted is never looked at again."""
        try:
            read = row or contact(client, contact_id)
        except Exception as error:
            if _is_of_account(error):
                raise
            _logger.info("A contact is unreadable: %s", type(error).__name__)
            self.failed[contact_id] = error
        else:
            self.found |= {contact_id: read} if read else {}

    def _read_scores(self, client, end):
        """No contact brings its scores along (OAS retrieve-a-contacts-score-value): a
        request each, in the time that is left. Nobody misses one that does not come."""
        for contact_id, contact in self.found.items():
            if time.monotonic() > end:
                return
            try:
                scores = list(client.scores.of_contact(contact_id))
            except ActiveCampaignError as error:
                _logger.info("No scores: %s", type(error).__name__)
                return
            contact["scoreValues"] = scores

    def _check_account(self, client):
        """Where nobody could be read, ask for something else: the account itself may be
        the reason, and then the contacts have not failed."""
        if self.found or not self.failed:
            return
        try:
            if len(self.failed) > 1 and _all_fatal(self.failed):
                raise next(iter(self.failed.values()))
            client.users.me()
        except ActiveCampaignError:
            self.left |= self.failed.keys()
            self.failed = {}
            raise


def now():
    """Return this moment as JSON can keep it; see `pull.take_over`."""
    return datetime.now(timezone.utc).replace(tzinfo=None).isoformat()


def _page(client, ids, needed):
    """Return ``{AC id: contact}`` of those that one request brings with all parts that
    are needed."""
    read_at = now()
    try:
        rows, parts = client.contacts.read_many(ids, needed)
        if not all(name in parts for name in needed):
            return {}
        of = {name: _by_contact(parts.get(name) or ()) for name in PARTS}
        return {
            id_: complete(row, read_at, *(of[name].get(id_, ()) for name in PARTS))
            for row in rows
            if (id_ := str(row.get("id"))) in ids
        }
    except Exception as error:  # each alone: perhaps one of them is the reason
        if _is_of_account(error):
            raise
        _logger.info("A page of contacts is unreadable: %s", type(error).__name__)
        return {}


def _by_contact(rows):
    found = {}
    for row in rows:
        found.setdefault(str(row.get("contact")), []).append(row)
    return found


def contact(client, contact_id):
    """Return a contact, None when there is none (any more)."""
    read_at = now()
    try:
        answer = client.contacts.get(contact_id)
    except (SkippableError, ValueError):  # ValueError: no contact has such an id
        return None
    if not answer.id:
        raise ServerError("The answer holds no contact", status=answer.status)
    parts = (answer.data.get(name) or () for name in PARTS)
    return complete(answer.record, read_at, *parts)


def complete(contact, read_at, values, lists):
    """Return a contact as `Reading` keeps it.

    :param values: its rows of ``fieldValues``
    :param lists: its rows of ``contactLists``
    """
    return {
        **contact,
        "read_at": read_at,
        "fields": {str(row["field"]): written(row.get("value")) for row in values},
        "lists": {str(row["list"]): int(row["status"] or 0) for row in lists},
    }


def _is_of_account(error):
    """Whether an error would meet every contact, whichever is asked for."""
    if isinstance(error, AuthenticationError):
        return error.status != FORBIDDEN
    return isinstance(error, Paused | RateLimited | Unreachable | WrongHost)


def _all_fatal(errors):
    return all(isinstance(error, FatalError) for error in errors.values())
