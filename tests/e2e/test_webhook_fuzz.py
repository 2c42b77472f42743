"""Thousands of bodies that nobody would send: none breaks the server, and what it says
it has taken is there, no more and no less. ``AC_FUZZ_BODIES=20400`` is the long run.

The jobs that apply events are off; that odd events are applied or ignored calmly is the
matter of test_webhook.py.
"""

import os
import random
from collections import Counter

import pytest
from odd_bodies import JSON, odd_bodies

from workbench.bench_webhooks import NO_JOBS, TOKEN, connected, request, send
from workbench.server import OdooServer

COUNT = int(os.environ.get("AC_FUZZ_BODIES", "4000"))
ACTIONS = [*["any"] * 30, "open", "update", "automation", "moon_landing"]
HEADERS = [
    *[f"X-AC-Webhook-Token: {TOKEN}\r\n"] * 60,
    f"X-AC-Webhook-Token: {TOKEN}\r\nX-Forwarded-For: ::1, \x7f\r\n",
    "X-AC-Webhook-Token: \x01\x02\r\n",
    "Authorization: Basic ====\r\n",
    "Authorization: Bearer x\r\nCookie: session_id=%00; frontend_lang=xx\r\n",
]
QUERIES = [*[""] * 20, "?self=1", "?action=x", "?type[]=1", "?%00=%ff", "?token=", "?="]
REFUSED = {400, 403, 404, 413, 429}


@pytest.fixture(scope="module")
def account(workbench, own_simulator):
    """A connected account of a server without jobs."""
    with (
        workbench.fresh_database() as database,
        OdooServer(workbench.odoo, database, channels=NO_JOBS) as server,
    ):
        account = connected(server, own_simulator)
        account.write({"max_events_per_minute": 0})
        yield account


def marked(number, kind, body):
    """Return the body with a mark that is found again if it is stored."""
    if kind.startswith(JSON) and body.startswith(b"{"):
        return b'{"mark":"%d",' % number + body[1:]
    return body + b"&mark=%d" % number


def test_no_body_breaks_the_server_and_what_is_taken_is_there(account):
    chance = random.Random(2)
    requests = [
        request(
            account.server.port,
            marked(number, kind, body),
            kind,
            chance.choice(ACTIONS),
            query=chance.choice(QUERIES),
            header=chance.choice(HEADERS),
        )
        for number, (kind, body) in enumerate(odd_bodies(COUNT, seed=7))
    ]
    answers, _seconds = send(account.server.port, requests)
    statuses = Counter(answer.status for answer in answers)
    assert set(statuses) <= {200, *REFUSED}
    assert statuses[200] > COUNT / 4 and statuses[400] > COUNT / 20
    taken = {str(n) for n, answer in enumerate(answers) if answer.status == 200}
    rows = account.sql("SELECT payload->>'mark' FROM ac_event")
    assert {mark for (mark,) in rows} == taken
    assert len(rows) == len(taken)
