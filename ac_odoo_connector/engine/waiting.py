# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Events of contacts that are linked with no partner yet."""

from .wake import wake_after_commit


def wake(env, config, remote_ids):
    """Have the events applied that wait for contacts which are linked now.

    One statement in the transaction that makes the links.

    :param remote_ids: AC ids of contacts
    """
    if not remote_ids:
        return
    env.cr.execute(
        """
        UPDATE ac_event SET state = 'new', message = NULL
        WHERE config_id = %s AND state = 'waiting' AND remote_contact_id = ANY(%s)
        """,
        (config.id, list(remote_ids)),
    )
    if env.cr.rowcount:
        env["ac.event"].invalidate_model(["state", "message"], flush=False)
        wake_after_commit(env, config.ids, "inbox")


def wake_linked(env):
    """Wake what a link has just missed: it was made while the event was looked at."""
    env.cr.execute(
        """
        UPDATE ac_event e SET state = 'new', message = NULL FROM ac_binding b
        WHERE e.state = 'waiting' AND b.config_id = e.config_id
            AND b.object = 'contact' AND b.remote_id = e.remote_contact_id
            AND EXISTS (SELECT 1 FROM res_partner p WHERE p.id = b.res_id)
        RETURNING e.config_id
        """
    )
    wake_after_commit(env, {row[0] for row in env.cr.fetchall()}, "inbox")
