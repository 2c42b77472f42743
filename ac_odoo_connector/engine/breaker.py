# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The breaker of an account: when too much fails, nothing is sent for a while.

A row of `ac.breaker` per account, shared by every worker and host; the clock is
PostgreSQL's. Closed, calls leave. It opens when half of the last minutes' calls have
failed, and at once when the key is refused. Open, everybody is turned away until a
moment that moves further away each time; then one worker, and one only, asks
ActiveCampaign who we are (*half open*). The answer closes the breaker or keeps it open.

What ActiveCampaign says about one record (4xx) is an answer, so it speaks for the
account; being too fast (429) is the limit's business.
"""

import hashlib
from dataclasses import dataclass

from ..activecampaign import (
    AuthenticationError,
    Paused,
    ServerError,
    UncertainOutcome,
    Unreachable,
    WrongHost,
)
from . import usage
from .transaction import transaction
from .words import in_words

FAILURES = (ServerError, Unreachable, UncertainOutcome, WrongHost)
LONGEST_PAUSE = 900
PROBE_SECONDS = 30
"""How long one worker may take to find out; then another may try."""
SOON = 5
"""Seconds until a job looks again while somebody else is finding out."""
UNPAID = 402
"""Not the key but the plan: ActiveCampaign lets us in again once somebody has paid."""
STATES = ("closed", "open", "half_open")

NOW = "(clock_timestamp() AT TIME ZONE 'UTC')"
CREDENTIALS = """encode(sha256(convert_to(
    c.ac_base_url || ' ' || COALESCE(c.ac_api_key_encrypted, ''), 'UTF8')), 'hex')"""
DUE = f"""(CASE WHEN b.refused IS NULL THEN COALESCE(b.until <= {NOW}, TRUE)
    ELSE b.refused <> {CREDENTIALS} END)"""


def credentials(config):
    """Return the digest of address and stored key, as `CREDENTIALS` does: whether they
    have changed can be told without reading them."""
    config = config.sudo()
    text = f"{config.ac_base_url} {config.ac_api_key_encrypted or ''}"
    return hashlib.sha256(text.encode()).hexdigest()


def is_failure(error):
    """Whether an error speaks against the account and not against one record."""
    return isinstance(error, FAILURES)


@dataclass(frozen=True)
class Pause:
    """Why and for how long an account is paused."""

    state: str
    reason: str
    for_good: bool
    is_due: bool
    seconds: float

    @property
    def error(self):
        """The exception for whoever is turned away; `retry_after` is for its job."""
        if self.for_good:
            hint = "Correct the account's API key, or press Try Now on the account."
            return Paused(self.reason, hint=hint, retry_after=LONGEST_PAUSE)
        hint = "It is tried again by itself; Try Now on the account does so at once."
        wait = SOON if self.state == "half_open" else max(self.seconds, 0) + 1
        return Paused(self.reason, hint=hint, retry_after=wait)


_LOOK = f"""
SELECT b.state, b.reason, b.refused IS NOT NULL, {DUE},
    COALESCE(EXTRACT(EPOCH FROM b.until - {NOW}), 0)::float
FROM ac_breaker b JOIN ac_odoo_config c ON c.id = b.config_id
WHERE c.id = %s AND b.state <> 'closed'
"""


def check(env, config_id):
    """:raise Paused: nothing may be sent for this account"""
    with transaction(env) as env:
        if pause := _look(env, config_id):
            raise pause.error


_TURN = f"""
UPDATE ac_breaker b SET state = 'half_open', refused = NULL,
    until = {NOW} + {PROBE_SECONDS} * INTERVAL '1 second'
FROM ac_odoo_config c
WHERE c.id = b.config_id AND c.id = %(config)s AND b.state <> 'closed'
    AND ({DUE} OR %(now)s AND b.state = 'open')
"""


def enter(env, config_id):
    """Turn away who comes while the account is paused.

    :return: True when it is the caller's turn to find out, see `gateway.probe`
    :raise Paused: nothing may be sent for this account
    """
    with transaction(env) as env:
        pause = _look(env, config_id)
        if pause and not (pause.is_due and _take_turn(env, config_id)):
            raise pause.error
        return bool(pause)


def take_turn(env, config_id):
    """Let a person find out before it is time; return False when nothing is paused.

    :raise Paused: somebody is finding out just now
    """
    with transaction(env) as env:
        pause = _look(env, config_id)
        if pause and not _take_turn(env, config_id, now=True):
            raise pause.error
        return bool(pause)


def _look(env, config_id):
    env.cr.execute(_LOOK, (config_id,))
    row = env.cr.fetchone()
    return Pause(*row) if row else None


def _take_turn(env, config_id, now=False):
    """Whether this worker is the one: whoever waits for the row looks at it again."""
    env.cr.execute(_TURN, {"config": config_id, "now": now})
    return bool(env.cr.rowcount)


_TOO_MANY = f"""
SELECT sum(u.failures - u.forgiven), sum(u.calls - u.forgiven), c.breaker_window
FROM ac_odoo_config c JOIN ac_api_usage u ON u.config_id = c.id
    AND u.minute > {NOW} - c.breaker_window * INTERVAL '1 minute'
WHERE c.id = %s GROUP BY c.id
HAVING sum(u.calls - u.forgiven) >= c.breaker_minimum
    AND 100 * sum(u.failures - u.forgiven)
        >= c.breaker_threshold * sum(u.calls - u.forgiven)
"""


def judge(env, config_id, error):
    """Open the breaker if too many of the last minutes' calls have failed.

    :param error: the last failure, for people to read
    """
    env.cr.execute(_TOO_MANY, (config_id,))
    if found := env.cr.fetchone():
        failed, calls, minutes = found
        reason = env._(
            "%(failed)s of %(calls)s requests failed within %(minutes)s minutes: "
            "%(error)s",
            failed=failed,
            calls=calls,
            minutes=minutes,
            error=in_words(error),
        )
        _open(env, config_id, ("closed",), reason)


def conclude(env, config_id, failure, used):
    """Close the breaker after a probe, or keep it open for longer than before.

    :param failure: the error of the probe, None when the account has answered
    :param used: the `credentials` that it was made with
    """
    if not failure:
        close(env, config_id)
        env["ac.odoo.config"].browse(config_id)._all_well()
    elif isinstance(failure, AuthenticationError):
        refuse(env, config_id, failure, used)
    else:
        reason = env._("Asked again, it still fails: %s", in_words(failure))
        _open(env, config_id, ("half_open",), reason)


def refuse(env, config_id, error, used):
    """The key is refused: open until it changes; if only the plan is, for a while.

    :param used: the `credentials` that were refused: there may be others by now
    """
    reason = env._("ActiveCampaign does not let us in: %s", in_words(error))
    refused = error.status != UNPAID and used
    _open(env, config_id, STATES, reason, longest=True, refused=refused)


def close(env, config_id):
    """ActiveCampaign answers: let calls leave, and what has waited go on at once.

    What failed until now is forgiven, or the next failure would open it again.
    """
    usage.forgive(env, config_id)
    row, now = _locked(env, config_id)
    if row.state in ("open", "half_open"):
        row._close(now)
        row.config_id._wake_postponed()


def _open(env, config_id, states, reason, longest=False, refused=False):
    row, now = _locked(env, config_id)
    if row.state in states:
        row._open(now, reason, longest, refused)


def _locked(env, config_id):
    """Return ``(row, now)`` of an account, the row made if need be and locked; an empty
    one for an account that is not committed."""
    env.cr.execute(
        """
        INSERT INTO ac_breaker (config_id, state, openings)
        SELECT id, 'closed', 0 FROM ac_odoo_config WHERE id = %s
        ON CONFLICT (config_id) DO NOTHING
        """,
        (config_id,),
    )
    env.cr.execute(_LOCK, (config_id,))
    id_, now = env.cr.fetchone() or (None, None)
    return env["ac.breaker"].browse(id_), now


_LOCK = f"SELECT id, {NOW} FROM ac_breaker WHERE config_id = %s FOR UPDATE"
