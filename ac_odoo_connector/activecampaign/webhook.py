# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading what ActiveCampaign's webhooks send: pure functions over bytes and text.

Bodies are forms with bracket keys (`contact[fields][39]=x`); custom-object webhooks
may be JSON. All values are text. Sources: PAGE webhooks and captured deliveries.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl

from .storable import storable_text

MAX_BYTES = 1_000_000
MAX_DEPTH = 8
MAX_KEYS = 2_000
MOST_DIGITS = 15
BRACKET = re.compile(r"[\[\]{}]")
#: To the end of the body where the last quote is missing: looked for again from each
#: further quote, it would take minutes.
STRING = re.compile(r'"(?:\\.|[^"\\])*"?', re.DOTALL)
BRACKET_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")


class MalformedWebhook(ValueError):
    """The body is no webhook: answer 400."""


def parse_webhook(
    body: bytes,
    content_type: str,
    *,
    max_depth: int = MAX_DEPTH,
    max_keys: int = MAX_KEYS,
    max_bytes: int = MAX_BYTES,
) -> dict:
    """Return the payload as nested dictionaries of text.

    `contact[tags]=a` becomes {"contact": {"tags": "a"}}; `list[][id]=1` and JSON
    arrays become {"list": {"0": {"id": "1"}}}. As in PHP the last of two equal keys
    wins. JSON null is "", true "1", false "0". NUL characters are removed, because no
    database takes them.

    :param max_depth: levels of nesting; `max_keys`: values in all
    :raises MalformedWebhook: empty, too large, too deep, too many keys, another type
    """
    if not body.strip():
        raise MalformedWebhook("The body is empty")
    if len(body) > max_bytes:
        raise MalformedWebhook("The body is too large")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        return _from_json(body, max_depth, max_keys)
    if kind in ("application/x-www-form-urlencoded", ""):
        return _from_form(body, max_depth, max_keys)
    raise MalformedWebhook("The content type is neither form nor JSON")


def _from_form(body: bytes, max_depth: int, max_keys: int) -> dict:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=max_keys,
        )
    except ValueError:
        raise MalformedWebhook("The body has too many keys") from None
    return webhook_from_pairs(pairs, max_depth=max_depth, max_keys=max_keys)


def webhook_from_pairs(
    pairs: Iterable[tuple[str, str]],
    *,
    max_depth: int = MAX_DEPTH,
    max_keys: int = MAX_KEYS,
) -> dict:
    """Return the payload of a form that somebody has decoded already; `parse_webhook`.

    :raises MalformedWebhook: too deep, too many keys
    """
    payload: dict = {}
    for number, (name, value) in enumerate(pairs):
        keys = _keys(storable_text(name))
        if len(keys) > max_depth:
            raise MalformedWebhook("The body is nested too deeply")
        if number >= max_keys:
            raise MalformedWebhook("The body has too many keys")
        _put(payload, keys, storable_text(value))
    return payload


def _keys(name: str) -> list[str]:
    """Split "contact[fields][39]"; a name with odd brackets stays whole."""
    match = BRACKET_KEY.fullmatch(name)
    if not match:
        return [name]
    return [match[1], *match[2][1:-1].split("][")]


def _put(payload: dict, keys: list[str], value: str) -> None:
    *parents, last = keys
    for key in parents:
        key = key or _free_index(payload)
        if not isinstance(payload.get(key), dict):
            payload[key] = {}
        payload = payload[key]
    payload[last or _free_index(payload)] = value


def _free_index(payload: dict) -> str:
    index = len(payload)
    while str(index) in payload:
        index += 1
    return str(index)


def _from_json(body: bytes, max_depth: int, max_keys: int) -> dict:
    try:
        text = body.decode("utf-8-sig")  # json.loads would guess other encodings
    except UnicodeDecodeError:
        raise MalformedWebhook("The body is not UTF-8") from None
    if _nesting(text) > max_depth + 1:  # json.loads would go down to Python's limit
        raise MalformedWebhook("The body is nested too deeply")
    try:
        data = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise MalformedWebhook("The body is not JSON") from None
    if not isinstance(data, dict):
        raise MalformedWebhook("The body is not a JSON object")
    if _count(data, max_depth) > max_keys:
        raise MalformedWebhook("The body has too many keys")
    return _tree(data)


def _nesting(body: str) -> int:
    """Return how deep the brackets outside of strings are nested."""
    depth = deepest = 0
    for bracket in BRACKET.findall(STRING.sub("", body)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _children(node: Any) -> list:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _count(node: Any, levels: int) -> int:
    """Return the number of values; raise MalformedWebhook below `levels`."""
    if levels < 0:
        raise MalformedWebhook("The body is nested too deeply")
    return sum(1 + _count(child, levels - 1) for child in _children(node))


def _tree(node: Any) -> Any:
    if isinstance(node, dict):
        return {storable_text(key): _tree(value) for key, value in node.items()}
    if isinstance(node, list):
        return {str(index): _tree(value) for index, value in enumerate(node)}
    if isinstance(node, bool):
        return "1" if node else "0"
    return storable_text(node or "")


def webhook_timestamp(value: str, account_offset: str = "+00:00") -> datetime | None:
    """Return a webhook's time as an aware UTC datetime, or None if it has none.

    :param value: "2026-07-17T22:01:25-05:00", or "2013-07-18 08:46:33" in the
        account's time as older payloads have it
    :param account_offset: the account's offset for the latter, as "-05:00"
    """
    value = (value or "").strip().replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = datetime.fromisoformat(value + account_offset)
        return moment.astimezone(timezone.utc) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None  # also ActiveCampaign's empty date "0000-00-00 00:00:00"


def text_list(value: str) -> list[str]:
    """Split `contact[tags]`, one comma-separated text: "Tag one, Tag two"."""
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def deal_value(deal: dict) -> Decimal | None:
    """Return the value of a webhook's `deal` in units of its currency, or None.

    Webhooks give units ("1,044,055.00" and raw "1044055"), while the API gives cents.
    A number of more digits than a computer keeps is none: written out, "1e999999999"
    would fill the memory.
    """
    text = deal.get("value_raw") or deal.get("value") or ""
    try:
        value = Decimal(str(text).replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and value.adjusted() < MOST_DIGITS else None
