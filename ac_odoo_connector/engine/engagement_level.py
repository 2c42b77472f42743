# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How warm people are, computed in SQL alone: when something was counted, when somebody
has said yes or no to our mails, and every night."""

import logging
from functools import partial

import psycopg2

from odoo.tools import SQL

from .transaction import transaction

_logger = logging.getLogger(__name__)

NOW = SQL("(now() AT TIME ZONE 'UTC')")
LEFT_AT = SQL(
    """
    (SELECT CASE WHEN said.state = 'withdrawn' THEN said.date END
    FROM ac_consent said WHERE said.partner_id = ac_engagement.partner_id
    ORDER BY said.date DESC, said.id DESC LIMIT 1)
    """
)
"""When a person has said no to our mails; NULL unless that was the last word."""
LEVEL = SQL(
    """
    CASE
        WHEN last_bounce_at > COALESCE(last_at, '-infinity') THEN 'lost'
        WHEN %(left_at)s >= COALESCE(last_at, '-infinity') THEN 'left'
        WHEN GREATEST(last_click_at, last_reply_at) > %(now)s - INTERVAL '14 days'
            AND %(left_at)s IS NULL THEN 'hot'
        WHEN last_at > %(now)s - INTERVAL '30 days' THEN 'warm'
        WHEN last_at > %(now)s - INTERVAL '90 days' THEN 'cold'
        WHEN last_at IS NOT NULL OR sent_count > 0 THEN 'asleep'
    END
    """,
    now=NOW,
    left_at=LEFT_AT,
)
_TO_JUDGE = "ac_engagement_to_judge"


def set_levels(env, which):
    """Compute the levels of some rows anew.

    :param which: `SQL` of a condition
    """
    env.cr.execute(
        SQL(
            """
            UPDATE ac_engagement SET level = %(level)s
            WHERE %(which)s AND level IS DISTINCT FROM %(level)s
            """,
            level=LEVEL,
            which=which,
        )
    )


def judge_after_commit(env, partner_ids):
    """Compute the levels of people anew once this transaction is committed: in it, a
    save could fail because of what is being counted at the same moment."""
    callbacks = env.cr.postcommit
    if _TO_JUDGE not in callbacks.data:
        callbacks.data[_TO_JUDGE] = set()
        callbacks.add(partial(_judge, env))
    callbacks.data[_TO_JUDGE].update(partner_ids)


def _judge(env):
    ids = env.cr.postcommit.data.pop(_TO_JUDGE)
    try:
        with transaction(env) as own:
            set_levels(own, SQL("partner_id = ANY(%s)", sorted(ids)))
    except psycopg2.Error as error:
        # what was said is committed: its author must not hear of this
        _logger.info("Levels not computed (%s): done over night", type(error).__name__)
    env["ac.engagement"].invalidate_model(["level"], flush=False)
