# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is done with findings: ActiveCampaign's changes become events in the one inbox,
what Odoo has to tell is marked in the one outbox."""

from . import inbox, marks
from .pull_choice import tell_again

STORED, TOLD, KNOWN = "stored", "told", "known"


def hear(env, config, findings, source):
    """Store and mark; return ``[(finding, what was done: stored, told or known)]``.

    :param source: poll or reconcile
    """
    outcomes = [(each, _hear(env, config, each, source)) for each in findings]
    unsent = {}
    for finding in findings:
        if finding.unsent:
            unsent.setdefault(finding.object, set()).add(finding.res_id)
    if unsent:
        marks.mark(env, unsent)
    return outcomes


def _hear(env, config, finding, source):
    new = bool(finding.payload) and inbox.store(
        env, config, finding.payload, source=source, known=finding.known
    )
    again = finding.again or (finding.otherwise and not new)
    if again:
        marks.mark_lost(env, config, finding.object, finding.remote_id)
    if finding.units:
        tell_again(_link(env, config, finding), finding.units)
    if new:
        return STORED
    return TOLD if again or finding.unsent or finding.units else KNOWN


def _link(env, config, finding):
    return env["ac.binding"].search(
        [
            ("config_id", "=", config.id),
            ("object", "=", finding.object),
            ("remote_id", "=", finding.remote_id),
        ]
    )
