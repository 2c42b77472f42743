# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The ActiveCampaign API v3, as one object per account."""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from . import resources
from .errors import ActiveCampaignError, Answer, RateLimited, WrongHost, error_for
from .hosts import LOCAL_HOSTS, api_root
from .limiter import Limiter, LocalLimiter
from .observer import Observer, Unobserved
from .paging import flat
from .result import Result, result_of
from .retry import RetryPolicy
from .transport import ApiToken, Call, NoToken, encode, new_session, send

_logger = logging.getLogger(__name__)

API = "/api/3"
REPEATABLE_METHODS = frozenset({"GET", "PUT", "DELETE"})
TRACKING_URL = "https://trackcmp.net"
#: Seconds in which 5 requests are allowed (REF rate-limits).
WINDOW = 1.0
#: Seconds that one answer may silence all clients; it may ask for thirty years.
LONGEST_PAUSE = 300.0


class ActiveCampaignClient:
    """One account, one key, one `requests.Session`.

    A session is not safe to share: use one client per thread and give them all the
    same limiter, which is. Close the client, or use it in a `with` statement.

    Bodies are dictionaries in ActiveCampaign's own JSON names without the envelope:
    `client.contacts.sync({"email": "a@example.com", "firstName": "A"})`.

    :param base_url: "https://acme.api-us1.com", from Settings > Developer
    :param api_key: sent only to that host, kept out of errors, logs and `repr`
    :param limiter: shared by all clients of the account; a LocalLimiter by default
    :param timeout: seconds for connecting and for each silence of the server
    :param allow_local: permit http to localhost, for development
    :param observer: asked before each call and told how it went
    :raises WrongHost: the URL is not https to a public host
    :raises AuthenticationError: the key cannot be one
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        limiter: Limiter | None = None,
        timeout: float = 30.0,
        allow_local: bool = False,
        retry: RetryPolicy | None = None,
        observer: Observer | None = None,
    ):
        self.root = api_root(base_url, allow_local)
        self.limiter = limiter or LocalLimiter()
        self.timeout = timeout
        self.retry = retry or RetryPolicy()
        self.observer = observer or Unobserved()
        self._token = ApiToken(api_key)
        local = urlsplit(self.root).hostname in LOCAL_HOSTS
        self._session = new_session(local)
        self.tracking_root = self.root if local else TRACKING_URL
        for name, resource in resources.ALL.items():
            setattr(self, name, resource(self))

    def __repr__(self) -> str:
        return f"<ActiveCampaignClient {self.root}>"

    def __enter__(self) -> ActiveCampaignClient:
        return self

    def __exit__(self, *exc_info) -> None:
        self.close()

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()
        self.observer.closed()

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: dict | None = None,
        envelope: str | None = None,
        idempotent: bool | None = None,
        kind: str = "request",
        needs_body: bool = False,
    ) -> Result:
        """Send one call and return its Result, or raise an ActiveCampaignError.

        :param path: below /api/3, as "/contacts/7"
        :param body: sent as JSON, already inside its envelope
        :param params: query; nested dictionaries become `filters[name]`
        :param envelope: name of the object in the answer that becomes `Result.record`
        :param idempotent: repeating it is harmless; GET, PUT and DELETE are by nature
        :param kind: "request" or "import", for the limiter
        :param needs_body: an empty or broken answer is an error instead of {}
        """
        if idempotent is None:
            idempotent = method in REPEATABLE_METHODS
        call = Call(
            method,
            API + path,
            params=flat(params or {}),
            body=None if body is None else encode(body),
            content_type=None if body is None else "application/json",
            repeatable=idempotent,
            needs_body=needs_body,
            kind=kind,
        )
        try:
            return self.retry.run(
                lambda number, left: result_of(
                    self._send(call, left), envelope, number, made=_may_create(call)
                )
            )
        except ActiveCampaignError as error:
            self.observer.gave_up(call, error)
            raise

    def _send(self, call: Call, left: float | None) -> Answer:
        """Limiter, wire, decision; everything that goes to the account passes here."""
        started = time.monotonic()
        if call.kind == "import":
            self.limiter.acquire("import")
        self.limiter.acquire("request")
        answer = None
        try:
            self.observer.permit(call)
            ready = time.monotonic()
            answer = self._answer(call, self._timeout(left, ready - started), ready)
            took = time.monotonic() - ready
        finally:
            self.limiter.ended(answered=answer is not None)
        return self._judged(answer, call, took)

    def _answer(self, call: Call, timeout: float, ready: float) -> Answer:
        url = self.root + call.path
        try:
            return send(self._session, url, call, self._token, timeout)
        except ActiveCampaignError as error:
            self.observer.answered(call, time.monotonic() - ready, error)
            raise

    def _judged(self, answer: Answer, call: Call, took: float) -> Answer:
        """Return the answer of a success, raise the error of anything else."""
        self._slow_down(answer, took)
        _logger.debug(
            "%s %s: %d, %d ms", call.method, call.path, answer.status, 1000 * took
        )
        error = error_for(answer, call.repeatable, call.needs_body)
        self.observer.answered(call, took, error)
        if error:
            raise error
        return answer

    def _timeout(self, left: float | None, waited: float) -> float:
        if left is None:
            return self.timeout
        if waited >= left:
            raise RateLimited("No free place before the deadline")
        return min(self.timeout, left - waited)

    def _slow_down(self, answer: Answer, took: float) -> None:
        """Pause every worker when the server says that the account is at its limit."""
        if answer.status in (429, 503) and answer.retry_after is not None:
            self.limiter.pause(min(answer.retry_after, LONGEST_PAUSE))
        elif answer.status == 429:
            self.limiter.pause(WINDOW)
        elif answer.remaining == 0 and took < WINDOW / 5:
            self.limiter.pause(WINDOW / 5 - took)  # a full window: evenly from here

    def path_of(self, link: str) -> tuple[str, str]:
        """Return (path below /api/3, query) of a link that the account gave.

        :raises WrongHost: the link leaves the account
        """
        parts = urlsplit(link)
        own = urlsplit(self.root)
        if parts.netloc and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
            raise WrongHost("A link of the answer leads to another host")
        return parts.path.removeprefix(API), parts.query

    def form(self, url: str, values: dict) -> Result:
        """Post a form to another host, without the API key and outside its limit."""
        parts = urlsplit(url)
        call = Call(
            "POST",
            parts.path,
            body=urlencode(values).encode(),
            content_type="application/x-www-form-urlencoded",
            repeatable=False,
        )
        return self.retry.run(
            lambda number, left: result_of(
                self._send_form(url, call, left), None, number, made=True
            )
        )

    def _send_form(self, url: str, call: Call, left: float | None) -> Answer:
        timeout = self._timeout(left, 0)
        answer = send(self._session, url, call, NoToken(), timeout)
        if error := error_for(answer, call.repeatable, call.needs_body):
            raise error
        return answer

    # The five calls that other programs know by name.

    def create_contact(self, values: dict) -> Result:
        """Create a contact; raises Duplicate when the e-mail is known."""
        return self.contacts.create(values)

    def update_contact(self, contact_id: str | int, values: dict) -> Result:
        """Change the given values of a contact."""
        return self.contacts.update(contact_id, values)

    def create_deal(self, values: dict) -> Result:
        """Create a deal; `value` in cents (OAS create-a-deal-new)."""
        return self.deals.create(values)

    def update_deal(self, deal_id: str | int, values: dict) -> Result:
        """Change the given values of a deal; `value` in cents."""
        return self.deals.update(deal_id, values)

    def add_contact_to_automation(
        self, contact_id: str | int, automation_id: str | int
    ) -> Result:
        """Enrol a contact; raises Rejected when the automation does not take it."""
        return self.contact_automations.create(
            {"contact": contact_id, "automation": automation_id}
        )


def _may_create(call: Call) -> bool:
    """A plain POST that worked has created, whatever of 200 and 201 it answers."""
    return call.method == "POST" and not call.repeatable
