# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The account's e-commerce connection: the shop that orders and products belong to."""

from . import gateway
from .transaction import transaction

SERVICE = "odoo"


def connection(config, client):
    """Return the AC id of the account's connection; made once, found before that."""
    with transaction(config.env) as env:
        ours = env["ac.odoo.config"].browse(config.id)
        if ours.ac_connection_id:
            return ours.ac_connection_id
        values = _values(ours)
    found = next(client.connections.list(**_same(values)), None)
    id_ = str(found["id"] if found else client.connections.create(values).id)
    with transaction(config.env) as env:
        env["ac.odoo.config"].browse(config.id).ac_connection_id = id_
    return id_


def _values(config):
    url = config.env["ir.config_parameter"].get_param("web.base.url")
    return {
        "service": SERVICE,
        "externalid": f"{gateway.database_uuid(config.env)}-{config.id}",
        "name": config.name,
        "linkUrl": url,
        "logoUrl": f"{url}/web/binary/company_logo",
    }


def _same(values):
    return {f"filters[{name}]": values[name] for name in ("service", "externalid")}
