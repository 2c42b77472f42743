"""How records look in an answer: AC's JSON conventions."""

import json

from starlette.responses import Response

from .kinds import KINDS


def text(value):
    """Numbers and booleans become strings (`"79"`, `"0"`), everything else stays."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        return str(value)
    return value


def shown(plural, record, base):
    """A record as the API shows it: defaults, strings, links, id last.

    Names that begin with an underscore are the simulator's own and are left out.
    """
    kind = KINDS[plural]
    number = str(record["id"])
    values = {name: text(value) for name, value in record.items() if name[0] != "_"}
    links = {name: f"{base}/{plural}/{number}/{name}" for name in kind.links}
    return kind.defaults | values | {"links": links, "id": number}


def encode(data, escape_slashes=True):
    """JSON bytes as PHP writes them: ASCII only, slashes escaped."""
    written = json.dumps(data, separators=(",", ":"))
    return (written.replace("/", "\\/") if escape_slashes else written).encode()


# Headers of recorded exchanges.
HEADERS = {
    "Cache-Control": "no-store, no-cache, must-revalidate",
    "Pragma": "no-cache",
    "Expires": "Thu, 19 Nov 1981 08:52:00 GMT",
    "Set-Cookie": "PHPSESSID=0123456789abcdef; path=/; secure; HttpOnly",
}


class JsonAnswer(Response):
    """A JSON answer of the API with its headers; None is an empty body."""

    media_type = "application/json"

    def __init__(self, status, data, escape_slashes=True, headers=None):
        body = b"" if data is None else encode(data, escape_slashes)
        super().__init__(body, status, HEADERS | (headers or {}))
