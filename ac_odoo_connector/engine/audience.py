# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is inside an audience rule: moved in sets by PostgreSQL, never one by one."""

from psycopg2.errors import SerializationFailure

from odoo.tools import SQL

from ..mapping.registry import OBJECTS
from . import marks

EVERYBODY = SQL("TRUE")
MOVE = """
    WITH matching AS MATERIALIZED (
        SELECT id FROM res_partner WHERE id IN %(matching)s
    ), known AS (
        SELECT partner_id AS id, inside FROM ac_audience_member
        WHERE rule_id = %(rule)s
    ), moved AS (
        INSERT INTO ac_audience_member AS member (
            rule_id, partner_id, inside, entered_at, left_at, automation_id)
        SELECT %(rule)s, id, matching.id IS NOT NULL, %(now)s,
            CASE WHEN matching.id IS NULL THEN %(now)s END,
            CASE WHEN matching.id IS NULL
                THEN %(leave)s::integer ELSE %(enter)s::integer END
        FROM matching FULL JOIN known USING (id)
        WHERE (matching.id IS NOT NULL) <> COALESCE(known.inside, FALSE)
        ON CONFLICT (rule_id, partner_id) DO UPDATE SET
            inside = EXCLUDED.inside,
            entered_at = CASE WHEN EXCLUDED.inside
                THEN EXCLUDED.entered_at ELSE member.entered_at END,
            left_at = EXCLUDED.left_at,
            automation_id = EXCLUDED.automation_id
        RETURNING inside
    )
    SELECT count(*) FILTER (WHERE inside), count(*) FILTER (WHERE NOT inside)
    FROM moved
"""


def lock(rule):
    """Let nobody else evaluate or change the rule until the transaction ends.

    :return: whether the rule is still there
    """
    rule.env.cr.execute(
        "SELECT id FROM ac_audience_rule WHERE id = %s FOR UPDATE", (rule.id,)
    )
    return bool(rule.env.cr.rowcount)


def move(rule, matching, enter, leave):
    """Let partners enter and leave, so that the rule's members are those of a query.

    One statement. The members remember which automation their entry (or their
    leaving) starts, so that a later choice of another one starts nothing for them.

    :param matching: an `odoo.tools.Query` over res.partner
    :param enter: `ac.metadata` of the automation on entering, may be empty
    :param leave: the same on leaving
    :return: (how many entered, how many left)
    """
    rule.env.cr.execute(
        SQL(
            MOVE,
            matching=matching.subselect(),
            rule=rule.id,
            now=rule.env.cr.now(),
            enter=enter.id or None,
            leave=leave.id or None,
        )
    )
    rule.env["ac.audience.member"].invalidate_model(flush=False)
    return rule.env.cr.fetchone()


def moved_now(rule):
    """Return the condition on members that `move` has moved in this transaction."""
    now = rule.env.cr.now()
    return SQL("(member.left_at = %s OR inside AND member.entered_at = %s)", now, now)


def mark(rule, which=EVERYBODY):
    """Note that ActiveCampaign has to hear of these members; one statement.

    :param which: SQL condition on ``member``
    :return: number of marked partners
    """
    query = rule.env["res.partner"].with_context(active_test=False)._search([])
    query.add_where(SQL("res_partner.id IN (%s)", _partners(rule, which)))
    return marks.mark_query(rule.config_id, OBJECTS["contact"], query)


def mark_for_good(rule):
    """Mark all members in a user's transaction that is about to drop them.

    The engine may have touched a link since that transaction began; then the marks
    wait in `ac.mark`, where nothing can conflict (see `engine.marks.mark`).
    """
    try:
        with rule.env.cr.savepoint(flush=False):
            marked = mark(rule)
    except SerializationFailure:
        rule.env.cr.execute(
            """INSERT INTO ac_mark (object, res_id)
            SELECT 'contact', partner_id FROM ac_audience_member WHERE rule_id = %s""",
            (rule.id,),
        )
        marked = rule.env.cr.rowcount
    if marked:
        rule.config_id._enqueue("run")


def forget(rule):
    """Drop every member of the rule, as if it had never been.

    :return: number of members
    """
    rule.env.cr.execute("DELETE FROM ac_audience_member WHERE rule_id = %s", (rule.id,))
    rule.env["ac.audience.member"].invalidate_model(flush=False)
    return rule.env.cr.rowcount


def keep_entering(rule, query):
    """Narrow a query over res.partner to those who are not inside yet."""
    query.add_where(
        SQL(
            """NOT EXISTS (SELECT FROM ac_audience_member member
                WHERE member.partner_id = res_partner.id
                    AND member.rule_id = %s AND member.inside)""",
            rule.id or None,
        )
    )


def keep_leaving(rule, query, matching):
    """Narrow a query over res.partner to those who are inside and would not be."""
    inside = SQL("member.inside")
    query.add_where(SQL("res_partner.id IN (%s)", _partners(rule, inside)))
    query.add_where(
        SQL(
            """NOT EXISTS (SELECT FROM res_partner stays
                WHERE stays.id = res_partner.id AND stays.id IN %s)""",
            matching.subselect(),
        )
    )


def members_of(env, config, partner_ids):
    """Return what the account's rules say about partners; one query.

    :return: ``[(partner id, rule id, inside, moment, AC automation id), ...]``; the
        moment (naive UTC) is that of entering or, for those outside, of leaving;
        the automation is None where the moment starts none
    """
    env.cr.execute(
        """
        SELECT member.partner_id, member.rule_id, member.inside,
            CASE WHEN member.inside THEN member.entered_at ELSE member.left_at END,
            automation.remote_id
        FROM ac_audience_member member
        JOIN ac_audience_rule rule ON rule.id = member.rule_id
        LEFT JOIN ac_metadata automation
            ON automation.id = member.automation_id AND automation.active
        WHERE rule.config_id = %s AND rule.active AND member.partner_id = ANY(%s)
        """,
        (config.id, list(partner_ids)),
    )
    return env.cr.fetchall()


def _partners(rule, which):
    return SQL(
        """SELECT member.partner_id FROM ac_audience_member member
        WHERE member.rule_id = %s AND %s""",
        rule.id or None,
        which,
    )
