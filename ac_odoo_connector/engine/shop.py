# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The shop of an account: one e-commerce connection over there (OAS create-connection).

What finds it again is stored before it is made and survives a new name or a new id of
the database.
"""

from contextlib import contextmanager, suppress

from ..activecampaign import Duplicate, FatalError, NotFound, SkippableError
from .gateway import database_uuid
from .marks import BATCH
from .transaction import transaction
from .wake import wake_after_commit

SERVICE = "odoo"


class ShopGone(FatalError):
    """The connection was deleted over there; nothing of the shop can be sent."""

    hint = "The shop was deleted in ActiveCampaign. Open the account: Repair the Shop."


@contextmanager
def expected(config, client):
    """Look after a refusal whether the shop itself is gone, so that not every record
    is refused on its own.

    :raise ShopGone: a person has to decide
    """
    try:
        yield
    except SkippableError as error:
        connection_id = _known(config)[0]
        try:
            client.connections.get(connection_id)
        except NotFound:
            raise ShopGone() from error
        raise


def connection(config, client):
    """Return the AC id of the account's connection; it is made when there is none.

    The id is committed before it is used. Read anew: another worker may have made it
    since the job began.

    :raise RetriableError: nobody knows whether it was made; the next try finds it
    """
    connection_id, key, values = _known(config)
    if connection_id:
        return connection_id
    connection_id = _find(client, key) or _make(client, key, values)
    _remember(config, connection_id)
    return connection_id


def repair(config, client):
    """Bring the connection up to date. If it was deleted over there, it is made again
    and all that was sent to it is marked, as history: it must start nothing twice."""
    connection_id, key, values = _known(config)
    with suppress(NotFound):
        if connection_id:
            client.connections.update(connection_id, values)
            return
    made = _find(client, key) or _make(client, key, values)
    _remember(config, made, anew=bool(connection_id))


def remove(config, client):
    """Delete the connection; ActiveCampaign decides what becomes of its orders."""
    connection_id, key, _values_ = _known(config)
    with suppress(NotFound):
        if connection_id := connection_id or _find(client, key):
            client.connections.delete(connection_id)


def _known(config):
    """Return ``(AC id or False, external id, values)`` as committed last."""
    with transaction(config.env) as env:
        fresh = env["ac.odoo.config"].browse(config.id)
        if not fresh.ac_connection_ref:
            fresh.ac_connection_ref = f"{database_uuid(env)}-{fresh.id}"
        return fresh.ac_connection_id, fresh.ac_connection_ref, _values(fresh)


def _values(config):
    company = config.company_id or config.env.company
    base_url = config.get_base_url()
    return {
        "name": f"Odoo {company.name}",
        "linkUrl": base_url,
        "logoUrl": f"{base_url}/logo.png?company={company.id}",
    }


def _find(client, key):
    filters = {"filters[service]": SERVICE, "filters[externalid]": key}
    for found in client.connections.list(**filters):
        if found.get("service") == SERVICE and str(found.get("externalid")) == key:
            return str(found["id"])
    return None


def _make(client, key, values):
    try:
        made = client.connections.create(
            {"service": SERVICE, "externalid": key, **values}
        )
    except Duplicate:  # another worker was faster
        found = _find(client, key)
        if not found:
            raise
        return found
    return made.id or _find(client, key)


def _remember(config, connection_id, anew=False):
    """Commit the AC id, with the marks of what the new connection lacks."""
    with transaction(config.env) as env:
        env["ac.odoo.config"].browse(config.id).ac_connection_id = connection_id
        if anew:
            _mark_all(env, config)
    config.invalidate_recordset(["ac_connection_id", "ac_connection_ref"], flush=False)


def _mark_all(env, config):
    """Send again what is linked; one statement."""
    env.cr.execute(
        """UPDATE ac_binding SET state = 'pending', priority = %s, tries = 0,
            fingerprint = NULL, intended_at = NULL, origin = NULLIF(origin, 'new'),
            sent = (COALESCE(sent, '{}') - 'rest_id' - 'customer' - 'buyer')
                || '{"source": "HISTORICAL"}'
        WHERE config_id = %s AND object IN ('order', 'product')
            AND remote_id IS NOT NULL""",
        (BATCH, config.id),
    )
    wake_after_commit(env, config.ids, "run")
