"""Whether anything of an account is still under way, seen in its database."""

from .account import Account
from .problem import Problem

WAITING = """
SELECT 'link', object, state, priority, claim, claimed_until, next_try_at, count(*)
FROM ac_binding WHERE state NOT IN ('synced', 'skipped', 'dead')
GROUP BY object, state, priority, claim, claimed_until, next_try_at
UNION ALL
SELECT 'event', type, state, 0, NULL, NULL, NULL, 1
FROM ac_event WHERE state IN ('new', 'applying', 'failed')
"""
JOBS = (
    "SELECT name, state, eta, retry, date_started FROM queue_job WHERE state <> 'done'"
)
TWICE_BOUND = """
SELECT 'partner', config_id::text, res_id::text FROM ac_binding
GROUP BY config_id, object, res_id HAVING count(*) > 1
UNION ALL
SELECT 'contact', config_id::text, remote_id FROM ac_binding
WHERE remote_id IS NOT NULL
GROUP BY config_id, object, remote_id HAVING count(*) > 1
"""


def wait_until_idle(account: Account, seconds: float = 120) -> None:
    """Return when nothing waits: no link, no event, no import."""
    try:
        account.wait("nothing is under way", lambda: not account.sql(WAITING), seconds)
    except Problem as problem:
        raise Problem(
            f"{problem}\n{account.sql(WAITING)}\n{account.sql(JOBS)}"
        ) from None


def twice_bound(account: Account) -> list[tuple]:
    """Return partners and contacts that have more than one link."""
    return account.sql(TWICE_BOUND)
