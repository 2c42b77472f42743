# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Asking ActiveCampaign what is new, for databases that its webhooks cannot reach.

A *pass* goes through all that changed in a stream since its cursor: set up, pre-poll,
request loop, post-poll. The position is committed with the events of each page, so a
pass that is stopped goes on where it was. The cursor moves after a full pass only, to
the moment the pass began; the windows overlap, and what is heard twice is dropped by
the inbox.
"""

from dataclasses import dataclass
from datetime import timedelta

from odoo import fields

from ..activecampaign import ActiveCampaignError
from . import gateway
from .hearing import STORED, hear
from .poll_streams import STREAMS
from .transaction import transaction
from .vault import VaultError
from .walks import RepeatedPage
from .words import in_words

MAX_REQUESTS, MAX_RESULTS = 100, 1000
"""What one visit asks for at most; a longer pass goes on at the next one."""


@dataclass
class Visit:
    """What this visit has asked for so far."""

    requests: int = 0
    results: int = 0

    @property
    def is_used_up(self):
        return self.requests >= MAX_REQUESTS or self.results >= MAX_RESULTS


def visit(config, name):
    """Go on with the pass of one stream, or begin one.

    :return: whether the pass is complete
    :raise FatalError: the account does not let us in; noted on the stream, too
    """
    if not _my_turn(config, name):
        return False
    set_up(config, name)
    pre_poll(config, name)
    spent = Visit()
    try:
        with gateway.open_client(config) as client:
            complete = request_loop(config, client, name, spent)
    except (ActiveCampaignError, VaultError, RepeatedPage) as error:
        failed(config, name, error)
        if isinstance(error, RepeatedPage):
            return False
        raise
    post_poll(config, name, complete)
    return complete


def set_up(config, name):
    """Make the row of a stream; what happened before is the reconciliation's business."""
    with transaction(config.env) as env:
        env["ac.poll.state"]._set_up(config, name)


def pre_poll(config, name):
    """Begin a pass unless one was stopped in the middle."""
    with transaction(config.env) as env:
        state = env["ac.poll.state"]._of(config, name)
        if not state.position:
            began = fields.Datetime.now()
            after = state.cursor - timedelta(
                minutes=max(0, state.config_id.poll_overlap)
            )
            after = max(after, state.config_id._remembers_since())
            state.write(
                {
                    "began_at": began,
                    "position": STREAMS[name].begin(state.config_id, after),
                    "pages": 0,
                    "found": 0,
                }
            )
        state.write({"state": "running", "visited_at": fields.Datetime.now()})


def request_loop(config, client, name, spent):
    """Ask page by page; return whether the list came to its end.

    :raise RepeatedPage: the server sends the same rows again and again
    """
    while not spent.is_used_up:
        if _turn(config, client, STREAMS[name], name, spent):
            return True
    return False


def _turn(config, client, stream, name, spent):
    """Ask for one page and keep its news; return whether the pass is complete."""
    with transaction(config.env) as env:
        state = env["ac.poll.state"]._of(config, name)
        position, target = state.position, stream.target(env, config, state)
    page = stream.fetch(client, position, target)
    with transaction(config.env) as env:
        own = env["ac.odoo.config"].browse(config.id)
        questions = stream.questions(env, own, page, target)
    answers = stream.answers(client, questions, target)
    spent.requests += 1 + len(questions)
    spent.results += len(page.records)
    with transaction(config.env) as env:
        own = env["ac.odoo.config"].browse(config.id)
        findings = stream.findings(env, own, page, target, answers)
        return _keep(env, own, name, findings, stream.advance(page, target))


def _keep(env, config, name, findings, position):
    """Store the news of a page with the position after it; return whether it is the end."""
    done = [what for _finding, what in hear(env, config, findings, "poll")]
    state = env["ac.poll.state"]._of(config, name)
    state.write(
        {
            "position": position or state.position,
            "pages": state.pages + 1,
            "found": state.found + done.count(STORED),
        }
    )
    return position is None


def post_poll(config, name, complete):
    """Move the cursor after a full pass; otherwise leave the position for the next."""
    with transaction(config.env) as env:
        state = env["ac.poll.state"]._of(config, name)
        values = {"state": "paused", "message": False}
        if complete:
            values |= {
                "state": "idle",
                "cursor": state.began_at,
                "position": False,
                "full_pass_at": fields.Datetime.now(),
            }
        state.write(values)
        env["ac.error.log"]._solve_records(config, state._name, state.ids)


def failed(config, name, error):
    """Note what went wrong; a list that repeats its pages is begun anew next time."""
    with transaction(config.env) as env:
        state = env["ac.poll.state"]._of(config, name)
        values = {"state": "failed", "message": _in_words(env, error)}
        if isinstance(error, RepeatedPage):
            values["position"] = False
            env["ac.error.log"]._record_on(
                state,
                job=f"poll_{name}",
                message=values["message"],
                code="repeated_page",
            )
        state.write(values)


def _in_words(env, error):
    if isinstance(error, RepeatedPage):
        return _repeated_words(env)
    return str(error) if isinstance(error, VaultError) else in_words(error)


def _repeated_words(env):
    return env._(
        "ActiveCampaign sent the same page twice. What came before it was taken in; the "
        "next pass starts over."
    )


def _my_turn(config, name):
    """Whether no other worker visits this stream; holds until the job ends."""
    config.env.cr.execute(
        "SELECT pg_try_advisory_xact_lock(%s, %s)",
        (_LOCK + list(STREAMS).index(name), config.id),
    )
    return config.env.cr.fetchone()[0]


_LOCK = 20260  # any number: the first half of the advisory lock's key
