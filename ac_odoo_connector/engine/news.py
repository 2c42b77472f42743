# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a page of ActiveCampaign's objects says that this database has not heard.

Polling and reconciliation look with the same eyes. A finding carries the event to store,
or says that Odoo has to tell its record again. The number of queries does not depend on
the number of objects of a page.
"""

from dataclasses import dataclass
from datetime import timezone

from ..activecampaign import webhook_timestamp
from ..mapping.registry import OBJECTS
from ..mapping.skip import Skip, Wait
from ..mapping.value import MappingError


@dataclass(frozen=True)
class Finding:
    """One difference.

    `kind` of ``ac.reconciliation.line``; `payload` the event to store; `known` the
    contact as just read, complete with its fields, so that nobody reads it again;
    `unsent`: Odoo's record has changed and was not sent; `again`: it was, and has to be
    told anew, `otherwise`: only if the event was heard before and the difference is
    still there; `units`: only these values of a contact.
    """

    kind: str
    object: str
    remote_id: str
    res_id: int = 0
    payload: dict | None = None
    known: dict | None = None
    unsent: bool = False
    again: bool = False
    otherwise: bool = False
    units: tuple = ()


def moment(value):
    """Return AC's date as Odoo stores it (naive, UTC), None when it has none."""
    found = webhook_timestamp(value if isinstance(value, str) else "")
    return found and found.astimezone(timezone.utc).replace(tzinfo=None)


def links(env, config, name, records):
    """Return ``{AC id: ac.binding}`` of the objects of a page."""
    ids = [str(record["id"]) for record in records]
    found = env["ac.binding"].search(
        [
            ("config_id", "=", config.id),
            ("object", "=", name),
            ("remote_id", "in", ids),
        ]
    )
    return {link.remote_id: link for link in found}


def partners(env, links):
    return env["res.partner"].browse([link.res_id for link in links]).exists()


def payloads(env, config, name, links):
    """Return ``{AC id: payload}`` of what Odoo would send; without those it would not."""
    row, links = OBJECTS[name], list(links)
    records = env[row.model].browse([link.res_id for link in links]).exists()
    config = env["ac.odoo.config"].browse(config.id)
    facts = config._facts(row, records) if records else None
    payloads = {}
    for link in links:
        record = records.browse(link.res_id)
        if record in records:
            payloads[link.remote_id] = _payload(row, record, facts)
    return {id_: payload for id_, payload in payloads.items() if payload}


def _payload(row, record, facts):
    try:
        return row.to_ac(record, facts)
    except (Skip, Wait, MappingError):
        return None
