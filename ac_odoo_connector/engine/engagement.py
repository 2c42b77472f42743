# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Counters of how people deal with our mails: one upsert per chunk of events.

What the level of a person is, says `engagement_level`.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from odoo.tools import SQL

from .engagement_level import NOW, judge_after_commit, set_levels

COUNTED = {
    "open": "open_count",
    "click": "click_count",
    "reply": "reply_count",
    "sms_reply": "reply_count",
    "forward": "share_count",
    "share": "share_count",
    "bounce": "bounce_count",
}
"""Types of events and the column that counts them."""
MOMENTS = {
    "open": "last_open_at",
    "click": "last_click_at",
    "reply": "last_reply_at",
    "sms_reply": "last_reply_at",
}
ALIVE = frozenset({"open", "click", "reply", "forward", "share", "sms_reply"})
"""Types that show that a person is there; what others do to a contact does not."""
COUNTS = tuple(dict.fromkeys(COUNTED.values()))
LATEST = ("last_at", *dict.fromkeys(MOMENTS.values()), "last_bounce_at")

CHART_DAYS = 90


@dataclass
class Tally:
    """What a chunk of events says about one partner."""

    counts: Counter = field(default_factory=Counter)
    latest: dict = field(default_factory=dict)
    campaign: tuple = (None, None)  # moment, name
    days: dict = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, type_: str, moment: datetime, campaign: str, is_hard: bool) -> None:
        """Count one event."""
        if column := COUNTED.get(type_):
            self.counts[column] += 1
        if type_ in ALIVE:
            self._latest("last_at", moment)
            self.days[moment.date()][type_ != "open"] += 1
        if type_ == "bounce" and is_hard:
            self._latest("last_bounce_at", moment)
        if column := MOMENTS.get(type_):
            self._latest(column, moment)
        if campaign and moment >= (self.campaign[0] or moment):
            self.campaign = (moment, campaign)

    def _latest(self, column: str, moment: datetime) -> None:
        self.latest[column] = max(self.latest.get(column) or moment, moment)


def add(env, tallies):
    """Add what a chunk says to the counters: three statements, however many partners.

    :param tallies: ``{partner id: Tally}``
    """
    if not tallies:
        return
    # always in one order: two workers never wait for each other
    rows = sorted(tallies.items())
    _upsert(env, rows)
    _upsert_days(env, rows)
    set_levels(env, SQL("partner_id = ANY(%s)", [id_ for id_, _ in rows]))
    _forget_cache(env)


def _upsert(env, rows):
    columns = (*COUNTS, *LATEST, "last_campaign_at", "last_campaign")
    values = [SQL("%s", (id_, *_values(tally))) for id_, tally in rows]
    env.cr.execute(
        SQL(
            """
            INSERT INTO ac_engagement AS known
                (partner_id, %(columns)s, create_date, write_date)
            SELECT news.*, %(now)s, %(now)s FROM (VALUES %(types)s, %(values)s) news
            WHERE news.column1 IS NOT NULL
            ON CONFLICT (partner_id) DO UPDATE SET %(changes)s, write_date = %(now)s
            """,
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            types=_types(columns),
            values=SQL(", ").join(values),
            changes=SQL(", ").join(map(_change, columns)),
            now=NOW,
        )
    )


def _values(tally):
    return (
        *(tally.counts[column] for column in COUNTS),
        *(tally.latest.get(column) for column in LATEST),
        *tally.campaign,
    )


def _types(columns):
    """Return a row of nothing that tells PostgreSQL the types; it is left out."""
    types = ["int4" if c in COUNTS else "timestamp" for c in columns[:-1]]
    casts = [SQL("NULL::%s", SQL(type_)) for type_ in ("int4", *types, "varchar")]
    return SQL("(%s)", SQL(", ").join(casts))


def _change(column):
    name = SQL.identifier(column)
    if column in COUNTS:
        return SQL("%(n)s = COALESCE(known.%(n)s, 0) + EXCLUDED.%(n)s", n=name)
    if column == "last_campaign":
        return SQL(
            "last_campaign = CASE WHEN EXCLUDED.last_campaign_at >= "
            "COALESCE(known.last_campaign_at, '-infinity') "
            "THEN EXCLUDED.last_campaign ELSE known.last_campaign END"
        )
    return SQL("%(n)s = GREATEST(known.%(n)s, EXCLUDED.%(n)s)", n=name)


def _upsert_days(env, rows):
    values = [
        SQL("%s", (id_, day, opens, clicks))
        for id_, tally in rows
        for day, (opens, clicks) in sorted(tally.days.items())
    ]
    if not values:
        return
    env.cr.execute(
        SQL(
            """
            INSERT INTO ac_engagement_day AS known (partner_id, day, opens, clicks)
            VALUES %s
            ON CONFLICT (partner_id, day) DO UPDATE SET
                opens = known.opens + EXCLUDED.opens,
                clicks = known.clicks + EXCLUDED.clicks
            """,
            SQL(", ").join(values),
        )
    )


def learn(env, facts):
    """Take over what ActiveCampaign itself counts of people.

    :param facts: ``{partner id: {"sent": int or None, "score": int or None}}``
    """
    rows = [
        SQL("%s", (id_, known.get("sent"), known.get("score")))
        for id_, known in sorted(facts.items())
        if any(number is not None for number in known.values())
    ]
    if not rows:
        return
    env.cr.execute(
        SQL(
            """
            INSERT INTO ac_engagement AS known
                (partner_id, sent_count, score, has_score, create_date, write_date)
            SELECT id, sent, score, score IS NOT NULL, %(now)s, %(now)s
            FROM (VALUES (NULL::int4, NULL::int4, NULL::int4), %(rows)s)
                news (id, sent, score)
            WHERE id IS NOT NULL
            ON CONFLICT (partner_id) DO UPDATE SET
                sent_count = COALESCE(EXCLUDED.sent_count, known.sent_count),
                score = COALESCE(EXCLUDED.score, known.score),
                has_score = known.has_score OR EXCLUDED.has_score,
                write_date = EXCLUDED.write_date
            """,
            now=NOW,
            rows=SQL(", ").join(rows),
        )
    )
    set_levels(env, SQL("partner_id = ANY(%s)", list(facts)))
    _forget_cache(env)


def age(env):
    """Compute all levels anew, and forget the days that no chart shows."""
    set_levels(env, SQL("TRUE"))
    env.cr.execute(
        SQL("DELETE FROM ac_engagement_day WHERE day < %s::date - %s", NOW, CHART_DAYS)
    )
    _forget_cache(env)


def _forget_cache(env):
    for model in ("ac.engagement", "ac.engagement.day"):
        env[model].invalidate_model()


def merge(env, sources, target):
    """Add the counters of partners that are about to be merged to the survivor's."""
    ids = (sources | target).ids
    _merge_days(env, ids, target.id)
    env.cr.execute(
        SQL(
            """
            WITH all_of_them AS (
                DELETE FROM ac_engagement WHERE partner_id = ANY(%(ids)s) RETURNING *)
            INSERT INTO ac_engagement (partner_id, %(columns)s)
            SELECT %(target)s, %(sums)s FROM all_of_them HAVING count(*) > 0
            """,
            ids=ids,
            target=target.id,
            columns=SQL(", ").join(map(SQL.identifier, MERGED)),
            sums=SQL(", ").join(
                SQL(how, SQL.identifier(column)) for column, how in MERGED.items()
            ),
        )
    )
    set_levels(env, SQL("partner_id = %s", target.id))
    judge_after_commit(env, target.ids)  # when it has their consents, too
    _forget_cache(env)


MERGED = {
    **dict.fromkeys(("sent_count", *COUNTS), "sum(%s)"),
    **dict.fromkeys((*LATEST, "score", "last_campaign_at"), "max(%s)"),
    "has_score": "bool_or(%s)",
    "last_campaign": "(array_agg(%s ORDER BY last_campaign_at DESC NULLS LAST))[1]",
}


def _merge_days(env, ids, target_id):
    env.cr.execute(
        """
        WITH days AS (
            DELETE FROM ac_engagement_day WHERE partner_id = ANY(%s) RETURNING *)
        INSERT INTO ac_engagement_day (partner_id, day, opens, clicks)
        SELECT %s, day, sum(opens), sum(clicks) FROM days GROUP BY day
        """,
        (ids, target_id),
    )
