"""The way of one API request: log, key, rate limit, fault, work, answer."""

import asyncio
import hmac
import json
import time
from functools import partial
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse

from .call import Call
from .errors import Refused
from .faults import NoAnswer, cut, emptied

API = "/api/3"


def endpoint(sim, handler, outside=False):
    """An endpoint that answers with `handler(call) -> (status, body)`.

    `outside` is another host of AC: it asks for no API key and has no rate limit.
    """

    async def serve(request):
        body = await request.body()
        entry = sim.journal.open(
            request.method, request.url.path, request.url.query, len(body)
        )
        started = time.perf_counter()
        answer = await respond(sim, handler, request, body, entry, outside)
        answer.headers["X-Request-Id"] = entry["request_id"]
        entry["ms"] = round(1000 * (time.perf_counter() - started), 2)
        return answer

    return serve


async def respond(sim, handler, request, body, entry, outside):
    """The answer to a request; fills in status and fault of its log entry."""
    refusal = None if outside else guard(sim, request)
    if refusal:
        entry["status"] = refusal.status_code
        return refusal
    account = sim.account  # the one of now, even if the work is done after a reset
    rule = sim.faults.pick(request.method, request.url.path, account.random)
    entry["fault"] = rule and rule.kind
    perform = partial(work, sim, account, handler, request, body)
    answer = await spoiled(sim, rule, perform)
    entry["status"] = 0 if isinstance(answer, NoAnswer) else answer.status_code
    return answer


def guard(sim, request):
    """403 for a wrong key, 429 above the rate, else None."""
    if not lets_in(sim, request.headers.get("Api-Token", "")):
        return sim.json(403, sim.options.forbidden_body)
    if not sim.limits.take_request(time.monotonic()):
        wait = {"Retry-After": str(sim.limits.retry_after)}
        return sim.json(429, sim.options.limited_body, wait)
    return None


def lets_in(sim, key):
    """Whether a key is one of the account's users and was not revoked."""
    known = [sim.api_key, *sim.options.user_keys]
    fits = [hmac.compare_digest(key.encode(), each.encode()) for each in known]
    return any(fits) and key not in sim.options.revoked_keys


async def spoiled(sim, rule, perform):
    """The answer of `perform()` as the fault `rule` (or None) leaves it."""
    kind = rule.kind if rule else None
    if kind == "drop":
        return NoAnswer()
    if kind == "status":
        wait = {"Retry-After": f"{rule.retry_after:g}"} if rule.retry_after else {}
        return sim.json(rule.status, refusal(rule), wait)
    if kind == "delay":
        await asyncio.sleep(rule.seconds)
    answer = perform()
    if kind == "accept_timeout":
        return NoAnswer(rule.seconds)
    return {"truncate": cut, "empty": emptied}.get(kind, lambda same: same)(answer)


def refusal(rule):
    """The body of a simulated refusal."""
    if rule.title:
        return {
            "errors": [{"title": rule.title, "detail": "", "code": "field_invalid"}]
        }
    return {"message": "Simulated fault"}


def work(sim, account, handler, request, body):
    """Let the resource function do its work and write down its answer."""
    try:
        status, data = handler(call_of(sim, account, request, body))
    except Refused as refused:
        status, data = refused.status, refused.body
    if isinstance(data, str):
        return PlainTextResponse(data, status)
    return sim.json(status, data)


def call_of(sim, account, request, body):
    """What the resource functions see of a request."""
    return Call(
        account=account,
        options=account.options,
        base=f"{request.base_url}".rstrip("/") + API,
        path=request.path_params,
        query=parse_qsl(request.url.query, keep_blank_values=True),
        body=parsed(body, request.headers.get("Content-Type", "")),
        size=len(body),
        sim=sim,
    )


def parsed(body, content_type):
    """The JSON (or form) body; None when there is none, 400 when it is broken."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        return json.loads(body) if body else None
    except ValueError:
        raise Refused(400, {"message": "Malformed JSON"}) from None
