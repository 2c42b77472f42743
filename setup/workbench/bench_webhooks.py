"""Scenario about webhooks: how fast a real server takes events in."""

import socket
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

from . import ports, simulator
from .account import Account
from .prepare import Workbench
from .server import OdooServer

EVENTS, CONNECTIONS, ROUNDS, WARM_UP = 20_000, 8, 5, 200
TOKEN = "token-of-the-benchmark-0123456789"
NO_JOBS = "root:0"
STORED = "SELECT count(*), count(DISTINCT payload->'contact'->>'email') FROM ac_event"
TAKEN = 200
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What a request got, and in how many seconds."""

    status: int
    seconds: float


def accept(bench: Workbench) -> dict[str, float]:
    """20,000 distinct opens over eight connections, beside a route that does nothing.

    The jobs that apply events are off: they would take one of the two workers, and what
    applying costs is measured apart. The server's own ``auth="none"`` route
    ``/web/health`` is asked in turns with the webhook.
    """
    with simulator.running() as simulated, bench.fresh_database() as database:
        with OdooServer(bench.odoo, database, channels=NO_JOBS) as server:
            account = connected(server, simulated)
            return _measured(account)


def connected(server: OdooServer, simulated: object) -> Account:
    """An account of a server without jobs that takes events with `TOKEN`."""
    account = Account(server, simulated)
    values = {
        "name": "Benchmark",
        "ac_base_url": simulated.url,
        "ac_api_key": simulated.api_key,
        "ac_webhook_token": TOKEN,
    }
    account.id = server.call("ac.odoo.config", "create", values)
    account.call("action_confirm")
    return account


def _measured(account: Account) -> dict[str, float]:
    port = account.server.port
    share = EVENTS // ROUNDS
    send(port, [_nothing(port)] * WARM_UP)
    send(port, [_event(port, -n) for n in range(1, WARM_UP + 1)])
    idle, taken, idle_seconds, taken_seconds = [], [], 0.0, 0.0
    for number in range(ROUNDS):
        answers, seconds = send(port, [_nothing(port)] * (share // 4))
        idle, idle_seconds = idle + answers, idle_seconds + seconds
        bodies = [_event(port, number * share + n) for n in range(share)]
        answers, seconds = send(port, bodies)
        taken, taken_seconds = taken + answers, taken_seconds + seconds
    accepted = sum(answer.status == TAKEN for answer in taken)
    stored, distinct = account.sql(STORED)[0]
    nothing_rate, rate = len(idle) / idle_seconds, accepted / taken_seconds
    times = [answer.seconds * 1000 for answer in taken]
    return {
        "events": len(taken),
        "accepted_per_second": rate,
        "nothing_per_second": nothing_rate,
        "ratio": rate / nothing_rate,
        "p50_ms": statistics.median(times),
        "p99_ms": statistics.quantiles(times, n=100)[-1],
        "refused": len(taken) - accepted,
        "lost": EVENTS + WARM_UP - distinct,
        "twice": stored - distinct,
    }


def send(port: int, requests: list[bytes]) -> tuple[list[Answer], float]:
    """Send all over so many connections at a time; the answers and the seconds."""
    parts = [requests[start::CONNECTIONS] for start in range(CONNECTIONS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = pool.map(lambda part: [ask(port, each) for each in part], parts)
        in_order: list = [None] * len(requests)
        for start, part in enumerate(answers):
            in_order[start::CONNECTIONS] = part
    return in_order, time.perf_counter() - started


def ask(port: int, request: bytes) -> Answer:
    """Send one request. A worker of Odoo's answers one and closes the connection."""
    started = time.perf_counter()
    with socket.create_connection((ports.HOST, port), timeout=60) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return Answer(int(answer[9:12] or 0), time.perf_counter() - started)


def _nothing(port: int) -> bytes:
    return f"GET /web/health HTTP/1.0\r\nHost: {ports.HOST}:{port}\r\n\r\n".encode()


def _event(port: int, number: int) -> bytes:
    """An open as an account sends it; another number is another event."""
    body = urlencode(
        {
            "type": "open",
            "date_time": f"2026-07-17T{number // 3600 % 24:02}:{number // 60 % 60:02}:"
            f"{number % 60:02}-05:00",
            "initiated_from": "public",
            "initiated_by": "contact",
            "list": "0",
            "contact[id]": str(1000 + number),
            "contact[email]": f"reader{number}@example.com",
            "contact[first_name]": "Ada",
            "contact[last_name]": "Reader",
            "contact[phone]": "",
            "contact[ip]": "127.0.0.1",
            "contact[tags]": "Tag one, Tag two",
            "contact[fields][39]": "value",
            "campaign[id]": "3",
            "campaign[name]": "Spring",
            "campaign[message][id]": "5",
            "campaign[message][subject]": "Spring offers",
            "orgname": "",
        }
    )
    return request(port, body.encode(), query=f"?{urlencode({'token': TOKEN})}")


def request(
    port: int,
    body: bytes,
    kind: str = FORM,
    action: str = "any",
    query: str = "",
    header: str = "",
) -> bytes:
    """The bytes of one request to the webhook's address, as they go over the wire."""
    head = (
        f"POST /ac/webhook/{action}{query} HTTP/1.0\r\nHost: {ports.HOST}:{port}\r\n"
        f"{header}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
