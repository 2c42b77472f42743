# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records drawn by lot, each compared value by value through the mapping."""

from ..mapping.registry import fingerprint
from . import audit_compare, audit_read, news
from .audit_step import DELETED, Found, Step
from .transaction import transaction

CHUNK = 25
"""Records of one step: some objects cost two requests each."""


def begin(config):
    """Return the first position; None where nobody wants a sample."""
    names = [row.name for row in config._objects()]
    return {"objects": names} if names and config.audit_sample > 0 else None


def work(config, client, at):
    """Compare the next records of an object."""
    name = at["objects"][0]
    with transaction(config.env) as env:
        ids = at.get("ids") or _drawn(env, config, name)
        links = env["ac.binding"].browse(ids[:CHUNK]).exists()
        links = links.filtered(lambda link: link.remote_id and link.state == "synced")
        asked = [(link.remote_id, link.res_id, link.sent or {}) for link in links]
        told_at = {link.id: link.synced_at for link in links}
    held = audit_read.READ[name](config, client, asked) if asked else {}
    with transaction(config.env) as env:
        links = _quiet(env["ac.binding"].browse(told_at).exists(), told_at)
        compared, found = _compare(env, config, name, links, held)
        found = _not_listed(env["ac.audit.run"]._running(config), found)
    return Step(
        _after(at, ids[CHUNK:]),
        found=tuple(found),
        compared=compared,
        sampled=len(links),
    )


def _drawn(env, config, name):
    env.cr.execute(
        """
        SELECT id FROM ac_binding WHERE config_id = %s AND object = %s
            AND state = 'synced' AND remote_id IS NOT NULL
        ORDER BY random() LIMIT %s
        """,
        (config.id, name, env["ac.odoo.config"].browse(config.id).audit_sample),
    )
    return [row[0] for row in env.cr.fetchall()]


def _after(at, ids):
    if ids:
        return {"objects": at["objects"], "ids": ids}
    left = at["objects"][1:]
    return {"objects": left} if left else None


def _not_listed(run, found):
    """Return what counting has not found already; what it has is in the sample, too."""
    lines = run.line_ids.filtered(lambda line: line.unit)
    listed = {(line.object, line.remote_id, line.unit): line for line in lines}
    keys = {(each.object, each.remote_id, each.unit) for each in found}
    for key in keys & listed.keys():
        listed[key].sampled = True
    return [x for x in found if (x.object, x.remote_id, x.unit) not in listed]


def _quiet(links, told_at):
    """Return the links that nobody has sent while ActiveCampaign was asked."""
    return links.filtered(
        lambda link: link.state == "synced" and link.synced_at == told_at[link.id]
    )


def _compare(env, config, name, links, held):
    """Return ``(values compared, findings)``; constant queries."""
    payloads = news.payloads(env, config, name, links)
    rules = audit_compare.rules_of(env, config, name, links)
    compared, found = 0, []
    for link in links:
        payload, there = payloads.get(link.remote_id), held.get(link.remote_id)
        if there is None:
            about = (name, link.remote_id, link.res_id)
            found.append(Found(*about, DELETED, "record", "all"))
        elif payload:
            unsent = link.fingerprint != fingerprint(payload)
            units = audit_compare.units(name, link, payload, there, rules)
            compared += len(units)
            found += audit_compare.findings(name, link, units, there, unsent, rules)
    return compared, found
