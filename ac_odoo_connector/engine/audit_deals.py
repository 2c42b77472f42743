# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Open deals and what they are worth per pipeline, against the orders they stand for.

What ActiveCampaign holds is gone through a hundred deals a request; what the orders say
is the mapping's own result, two hundred a step; both are rows until they are compared.
"""

from ..activecampaign import NotFound
from ..mapping import event as spelled
from ..mapping.registry import fingerprint
from . import audit_deal_rows as rows
from . import news, walks
from .audit_step import DELETED, UNHEARD, Found, Step, cause_of
from .transaction import transaction

CHUNK = 200
LOOKED_UP = 50
"""So many deals that are not open over there are asked for one by one."""
KEPT = ("id", "title", "group", "stage", "status", "owner", "currency", "value")
"""What is kept of a deal until the end; no person's value."""
OPEN = "0"


def begin(config):
    """Return the first position; None for an account without deals."""
    return {"of": "there"} if config.sync_deals else None


def work(config, client, at):
    """Take a page of deals, a chunk of orders, or compare."""
    return _WORK[at["of"]](config, client, at)


def _there(config, client, at):
    page = walks.deals(client, at, **{"filters[status]": OPEN})
    seen = {str(deal["id"]): _kept(deal) for deal in page.records}
    with transaction(config.env) as env:
        run = env["ac.audit.run"]._running(config)
        run._saw(rows.THERE, seen)
        found = page.last and run._count_seen(rows.THERE)
    if not page.last:
        return Step({**page.position, "of": "there"})
    again = walks.once_more({**page.position, "found": found}, "deals")
    return Step(again or {"of": "here", "after": 0})


def _kept(deal):
    kept = {key: str(deal.get(key) or "") for key in (*KEPT, "contact", "mdate")}
    return {**kept, "status": kept["status"] or OPEN}


def _here(config, _client, at):
    with transaction(config.env) as env:
        links = env["ac.binding"].search(
            [
                ("config_id", "=", config.id),
                ("object", "=", "deal"),
                ("remote_id", "!=", False),
                ("id", ">", at["after"]),
            ],
            limit=CHUNK,
            order="id",
        )
        payloads = news.payloads(env, config, "deal", links)
        said = {
            link.remote_id: _said(link, payloads.get(link.remote_id)) for link in links
        }
        env["ac.audit.run"]._running(config)._saw(rows.HERE, said)
    if len(links) == CHUNK:
        return Step({"of": "here", "after": links[-1].id})
    return Step({"of": "compare"})


def _said(link, payload):
    """Return what Odoo says of a deal: its value is the order's, its place where it was
    told or heard to be last. What cannot be mapped now counts as it was told."""
    value, currency = (link.sent or {}).get("amount") or (0, "")
    if payload:
        value, currency = payload["value"], payload["currency"]
    place = link._deal_place() or payload or {}
    return {
        "value": str(value),
        "currency": currency,
        "group": str(place.get("group") or ""),
        "status": str(place.get("status") or OPEN),
        "res_id": link.res_id,
        "state": link.state,
        "unsent": bool(payload) and link.fingerprint != fingerprint(payload),
    }


def _compare(config, _client, _at):
    with transaction(config.env) as env:
        run = env["ac.audit.run"]._running(config)
        names = rows.pipeline_names(env, config)
        checks = rows.checks(env, run, names)
        found, more = rows.differences(env, run, names)
        closed, unread = rows.not_open(env, run, LOOKED_UP)
    after = {"of": "closed", "deals": closed} if closed else None
    return Step(after, checks=tuple(checks), found=tuple(found), more=more + unread)


def _closed(config, client, at):
    """Say what became of the deals that are open here and not over there."""
    deals = {id_: _read(client, id_) for id_, _said in at["deals"]}
    with transaction(config.env) as env:
        names = rows.place_names(env, config)
    found = [_not_open(id_, said, deals[id_], names) for id_, said in at["deals"]]
    return Step(None, found=tuple(filter(None, found)))


def _not_open(id_, said, deal, names):
    if deal is None:
        cause = cause_of(said["state"], DELETED)
        return Found("deal", id_, said["res_id"], cause, "record")
    status = str(deal.get("status") or OPEN)
    if status == OPEN:  # opened again since, or a page has lacked it
        return None
    return Found(
        "deal",
        id_,
        said["res_id"],
        cause_of(said["state"], UNHEARD),
        "status",
        "place",
        rows.STATUS[said["status"]],
        rows.STATUS.get(status, status),
        spelled.of_deal(deal, names),
    )


def _read(client, deal_id):
    try:
        return client.deals.get(deal_id).record
    except NotFound:
        return None


_WORK = {"there": _there, "here": _here, "compare": _compare, "closed": _closed}
