# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Wrong tokens, counted in memory and told to people in one entry an hour.

Many of them cost one short transaction a minute and worker, never one each.
"""

import logging
import time
from collections import Counter, defaultdict

import psycopg2

from .transaction import transaction

_logger = logging.getLogger(__name__)

REPEATED = 5
"""So many are worth telling; one or two are somebody who tries the address."""
PAUSE_SECONDS = 60
MOST_ADDRESSES = 100
OTHERS = "…"
_untold = defaultdict(Counter)  # database -> address -> how many
_told_at = {}  # database -> moment


def knocked(env, address):
    """Count a request without a right token; now and then note them for people."""
    untold = _untold[env.cr.dbname]
    known = address in untold or len(untold) < MOST_ADDRESSES
    untold[address if known else OTHERS] += 1
    if sum(untold.values()) >= REPEATED and _pause_is_over(env.cr.dbname):
        _tell(env, untold)


def _pause_is_over(dbname):
    told = _told_at.get(dbname)
    return told is None or time.monotonic() - told >= PAUSE_SECONDS


def _tell(env, untold):
    _told_at[env.cr.dbname] = time.monotonic()
    try:
        with transaction(env) as own:
            own["ac.error.log"]._record_knocks(untold)
    except psycopg2.Error as error:  # the answer to the request matters more
        _logger.warning("Wrong tokens not noted: %s", type(error).__name__)
    else:
        untold.clear()
