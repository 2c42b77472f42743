# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can go wrong, sorted by what the caller does next.

    ActiveCampaignError
    ├── RetriableError           try again
    │   ├── RateLimited          too many calls (429, or 400 of an import)
    │   ├── Unreachable          no answer; nothing was done, or it is safe to repeat
    │   ├── ServerError          5xx, or an answer that broke off
    │   ├── Paused               our own side holds calls back: nothing was sent
    │   └── UncertainOutcome     a create was sent and may have worked: look before repeating
    ├── SkippableError           step over this record
    │   ├── Rejected             400, 413, 422 …: the values are not acceptable
    │   ├── NotFound             404
    │   └── Duplicate            code "duplicate", or 409
    └── FatalError               give up until a person changes the settings
        ├── AuthenticationError  401, 402, 403: key, permission, plan
        └── WrongHost            not the API of an account, or a host we refuse

Only `error_for` decides by status and body.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

TEXT_LIMIT = 200
IMPORT_LIMIT_TEXT = "rate limit exceeded"


class ActiveCampaignError(Exception):
    """Base of all errors; `str()` is for people and holds no key and no payload.

    :ivar status: HTTP status, None without an answer
    :ivar code: ActiveCampaign's own code such as "duplicate", or None
    :ivar text: ActiveCampaign's explanation, at most 200 characters
    :ivar method: HTTP method; `path`: path below the host, without the query
    :ivar hint: what a person can do about it
    :ivar retry_after: seconds the server asked to wait, or None
    :ivar rows: (index or key as given by the server, reason) of each bad row of a bulk
    """

    hint = "Look at the explanation of ActiveCampaign."

    def __init__(
        self,
        text: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        method: str = "",
        path: str = "",
        hint: str | None = None,
        retry_after: float | None = None,
        rows: Iterable[tuple[Any, str]] = (),
    ):
        super().__init__(text)
        self.text = text
        self.status = status
        self.code = code
        self.method = method
        self.path = path
        self.hint = hint or type(self).hint
        self.retry_after = retry_after
        self.rows = list(rows)

    def __str__(self) -> str:
        where = f"{self.method} {self.path}".strip()
        what = " ".join(str(part) for part in (self.status, self.text) if part)
        head = ": ".join(part for part in (where, what) if part)
        return f"{head.rstrip('.')}. {self.hint}" if head else self.hint


class RetriableError(ActiveCampaignError):
    """Try again later."""

    hint = "Try again later."


class SkippableError(ActiveCampaignError):
    """This record cannot be sent as it is; the others can."""


class FatalError(ActiveCampaignError):
    """No call will work until a person changes the settings."""


class RateLimited(RetriableError):
    hint = "The account's request limit is used up. Wait a minute."

    def __init__(self, text: str = "", **more):
        super().__init__(text, **more)
        if self.retry_after and self.retry_after > 60:
            minutes = math.ceil(self.retry_after / 60)
            self.hint = (
                f"The account's request limit is used up. Wait {minutes} minutes."
            )


class Unreachable(RetriableError):
    hint = "ActiveCampaign could not be reached. Check the network and the API URL."


class ServerError(RetriableError):
    hint = "ActiveCampaign has a problem at the moment. Wait a few minutes."


class Paused(RetriableError):
    """Raised by an observer (see `observer`) instead of sending."""

    hint = "Nothing is sent to the account until it answers again."


class UncertainOutcome(RetriableError):
    hint = "It may have been created already. Look it up before a new try."


class Rejected(SkippableError):
    hint = "ActiveCampaign does not accept these values. Correct the record."


class NotFound(SkippableError):
    hint = "It does not exist in ActiveCampaign, or was deleted there."


class Duplicate(SkippableError):
    hint = "It exists already in ActiveCampaign. Link or update that one."


class AuthenticationError(FatalError):
    hint = (
        "Check the API key (ActiveCampaign: Settings > Developer) and the "
        "permissions of its user."
    )


class WrongHost(FatalError):
    hint = "Copy the API URL from ActiveCampaign: Settings > Developer."


@dataclass(frozen=True)
class Answer:
    """What came back, without opinion.

    :ivar data: None when the body is empty or not a JSON object
    :ivar text: the beginning of a body that is not a JSON object
    :ivar retry_after: seconds; `remaining`: calls left in the window, both if sent
    """

    status: int
    data: dict | None = field(repr=False)
    text: str = field(default="", repr=False)
    retry_after: float | None = None
    remaining: int | None = None
    request_id: str | None = None
    method: str = ""
    path: str = ""


BY_STATUS = {
    401: AuthenticationError,
    402: AuthenticationError,
    404: NotFound,
    409: Duplicate,
    429: RateLimited,
}
HINT_BY_STATUS = {402: "Check plan and payment of the ActiveCampaign account."}


def error_for(
    answer: Answer, repeatable: bool, needs_body: bool = False
) -> ActiveCampaignError | None:
    """Return the error an answer means, or None for success.

    :param repeatable: whether the call may be sent twice without creating twice;
        otherwise a 5xx leaves the outcome uncertain
    :param needs_body: a success without a JSON object is an error too
    """
    broken = needs_body and answer.data is None
    if 200 <= answer.status < 300 and not broken:
        return None
    code = code_of(answer.data)
    kind = _kind(answer, code, repeatable)
    return kind(
        text_of(answer.data) or clean(answer.text),
        status=answer.status,
        code=code,
        method=answer.method,
        path=answer.path,
        hint=HINT_BY_STATUS.get(answer.status),
        retry_after=answer.retry_after,
        rows=rows_of(answer.data),
    )


def _kind(answer: Answer, code: str | None, repeatable: bool) -> type:
    status = answer.status
    if status < 300:
        return ServerError  # an empty or broken body where one is needed
    if status >= 500 or status == 408:
        return ServerError if repeatable else UncertainOutcome
    if status < 400:
        return WrongHost  # redirects are never followed
    if code == "duplicate":
        return Duplicate
    if status == 400 and IMPORT_LIMIT_TEXT in text_of(answer.data).lower():
        return RateLimited  # OAS bulk-import-contacts: 400, not 429
    if status == 403:
        return _forbidden(answer.data)
    return BY_STATUS.get(status, Rejected)


def _forbidden(data: dict | None) -> type:
    """A 403 may be about one record and not about the key.

    "No Result found for SubscriberSeries with id 1" where others answer 404, "Could
    not create SubscriberSeries", "Client error: … 400 Bad Request" (OAS
    contactAutomations, groupMembers). What is not known is about the key.
    """
    text = text_of(data).lower()
    if text.startswith("no result found"):
        return NotFound
    if code_of(data) or text.startswith(("could not ", "client error")):
        return Rejected
    return AuthenticationError


def code_of(data: dict | None) -> str | None:
    """Return the first code in `errors[]`, or None."""
    return next((str(e["code"]) for e in _entries(data) if e.get("code")), None)


def text_of(data: dict | None) -> str:
    """Return ActiveCampaign's explanation from any of its error shapes, cleaned."""
    if not data:
        return ""
    parts = [_sentence(entry) for entry in _entries(data)]
    if isinstance(data.get("errors"), str):
        parts.append(data["errors"])
    parts.append(data.get("message") or data.get("error") or "")
    return clean("; ".join(str(part) for part in parts if part))


def rows_of(data: dict | None) -> list[tuple[Any, str]]:
    """Return the bad rows of a bulk call as (index or key as given, reason).

    Imports list them in `failureReasons` (OAS bulk-import-contacts), GraphQL in
    `errors[].extensions`.
    """
    reasons = (data or {}).get("failureReasons")
    reasons = reasons if isinstance(reasons, list) else []
    rows = [
        (reason.get("contact"), clean(str(reason.get("failureReason", ""))))
        for reason in reasons
        if isinstance(reason, dict)
    ]
    for entry in _entries(data):
        extensions = entry.get("extensions")
        if isinstance(extensions, dict):
            rows += [(key, clean(str(text))) for key, text in extensions.items()]
    return rows


def _entries(data: dict | None) -> list[dict]:
    errors = (data or {}).get("errors")
    errors = errors if isinstance(errors, list) else []
    return [entry for entry in errors if isinstance(entry, dict)]


def _sentence(entry: dict) -> str:
    words = (entry.get("title"), entry.get("detail"), entry.get("message"))
    return ": ".join(str(word) for word in words if word)


def clean(text: str) -> str:
    """Return one line without markup, at most 200 characters."""
    text = re.sub(r"(?is)<(script|style).*?</\1\s*>|<[^>]*>", " ", text[:10_000])
    text = "".join(char if char.isprintable() else " " for char in text)
    text = " ".join(text.split())
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"
