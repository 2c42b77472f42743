# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One HTTP request: the session, sending, reading, and what a broken wire means."""

import json
import re
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.auth import AuthBase
from urllib3.exceptions import NewConnectionError

from .errors import (
    ActiveCampaignError,
    Answer,
    AuthenticationError,
    ServerError,
    UncertainOutcome,
    Unreachable,
    WrongHost,
)
from .hosts import PublicAdapter
from .storable import storable

MAX_RESPONSE_BYTES = 20_000_000
#: Small, because older releases of urllib3 unpack all they have read at once.
CHUNK = 8_192
#: A whole answer; `timeout` is for each of its silences.
ANSWER_SECONDS = 120.0
#: Packed twice, or by what packs a million to one, is nothing that we have asked for.
ENCODINGS = frozenset({"", "identity", "gzip"})
#: Spelled out in JSON: NUL, and the halves that emoji are made of.
UNSTORABLE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class ApiToken(AuthBase):
    """Puts the key into the Api-Token header; the one place that holds it."""

    def __init__(self, key: str):
        key = (key or "").strip()
        if not re.fullmatch(r"[!-~]+", key):
            raise AuthenticationError(
                "The API key is empty or has impossible characters"
            )
        self._key = key

    def __call__(self, request):
        request.headers["Api-Token"] = self._key
        return request

    def __repr__(self) -> str:
        return "ApiToken(***)"

    def hide(self, body: bytes) -> bytes:
        """Return a body with the key masked, should a server echo it."""
        return body.replace(self._key.encode(), b"***")


class NoToken(AuthBase):
    """For hosts that must not see the key; also keeps .netrc out."""

    def __call__(self, request):
        return request

    def hide(self, body: bytes) -> bytes:
        """Return the body as it is: no key was sent."""
        return body


@dataclass(frozen=True)
class Call:
    """One request as the resources describe it.

    :ivar path: path from the root of the host, or a full URL
    :ivar repeatable: sending it twice does no harm
    :ivar needs_body: a success without a JSON object is no success
    :ivar kind: "request" or "import", for the limiter
    """

    method: str
    path: str
    params: dict | None = field(default=None, repr=False)
    body: bytes | None = field(default=None, repr=False)
    content_type: str | None = None
    repeatable: bool = True
    needs_body: bool = False
    kind: str = "request"


def new_session(local: bool) -> requests.Session:
    """Return a session that reuses connections and keeps no cookies.

    ActiveCampaign sends session cookies; only the key shall say who is calling.
    Proxies and certificate authorities of the environment count, but not for localhost.
    """
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["Accept"] = "application/json"
    session.headers["Accept-Encoding"] = "gzip"
    session.headers["User-Agent"] = "ac_odoo_connector"
    session.trust_env = not local
    if not local:
        session.adapters.clear()  # no http at all
        session.mount("https://", PublicAdapter())
    return session


def encode(body: Any) -> bytes:
    """Return the compact UTF-8 JSON that is sent, lone surrogates replaced by "?".

    :raises ValueError: NaN or infinity, which JSON does not have
    """
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def send(
    session: requests.Session,
    url: str,
    call: Call,
    auth: ApiToken | NoToken,
    timeout: float,
) -> Answer:
    """Send the call once and return what came back, of any status.

    Redirects are not followed. Raises Unreachable, UncertainOutcome, ServerError
    (an answer broke off) or WrongHost.
    """
    try:
        response = session.request(
            call.method,
            url,
            params=call.params,
            data=call.body,
            headers={"Content-Type": call.content_type} if call.content_type else {},
            auth=auth,
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        )
        with response:
            return _answer(response, _read(response), call, auth)
    except requests.RequestException as error:
        failure = _failure(error, call)
    except _BrokenOff as error:
        failure = _broken_off(error.status, call)
    # Raised here and not above: the original names the whole URL, with its query.
    failure.method, failure.path = call.method, call.path
    raise failure


def _answer(response: requests.Response, body: bytes, call: Call, auth) -> Answer:
    if not response.ok:
        body = auth.hide(body)
    data = json_object(body)
    remaining = response.headers.get("RateLimit-Remaining", "").strip()
    return Answer(
        status=response.status_code,
        data=data,
        text="" if data is not None else body[:10_000].decode("utf-8", "replace"),
        retry_after=retry_after(response),
        remaining=int(remaining) if re.fullmatch(r"[0-9]{1,9}", remaining) else None,
        request_id=response.headers.get("X-Request-Id"),
        method=call.method,
        path=call.path,
    )


class _BrokenOff(Exception):
    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


def _read(response: requests.Response) -> bytes:
    _check_encoding(response)
    body = bytearray()
    end = time.monotonic() + ANSWER_SECONDS
    response.raw.enforce_content_length = True  # urllib3 1.26 does not by itself
    try:
        for chunk in response.iter_content(CHUNK):
            body += chunk
            if len(body) > MAX_RESPONSE_BYTES:
                raise WrongHost("The answer is larger than any of ActiveCampaign's")
            if time.monotonic() > end:
                raise _BrokenOff(response.status_code)
    except requests.RequestException:
        raise _BrokenOff(response.status_code) from None
    return bytes(body)


def _check_encoding(response: requests.Response) -> None:
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise WrongHost("The answer is packed in a way that was not asked for")


def _broken_off(status: int, call: Call) -> ActiveCampaignError:
    kind = ServerError if call.repeatable else UncertainOutcome
    return kind("The answer broke off", status=status)


def _failure(error: requests.RequestException, call: Call) -> ActiveCampaignError:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return WrongHost("The server's certificate is not valid for this address")
    if _was_sent(error) and not call.repeatable:
        return UncertainOutcome(_what(error))
    return Unreachable(_what(error))


def _was_sent(error: requests.RequestException) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return False
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return not isinstance(reason, NewConnectionError)


def _what(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "No answer in time"
    if not _was_sent(error):
        return "No connection"
    return "The connection broke off"


def retry_after(response: requests.Response) -> float | None:
    """Return the seconds of a Retry-After header (number or date), or None."""
    value = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def json_object(body: bytes) -> dict | None:
    """Return the JSON object of a body, or None when there is none.

    What people have typed into a form over there may hold NUL or half a character: such
    text is taken as `storable` says, or nobody could keep what was read beside it.
    """
    text = body.decode("utf-8-sig", "replace")  # json.loads would guess other encodings
    try:
        data = json.loads(text, parse_constant=_no_number)
        if UNSTORABLE.search(text):
            data = storable(data)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _no_number(name: str):
    raise ValueError(f"{name} is no JSON")
