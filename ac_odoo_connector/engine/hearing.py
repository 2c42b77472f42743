# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is done with findings: ActiveCampaign's changes become events in the one inbox,
what Odoo has to tell again is marked in the one outbox."""

from . import inbox, marks

STORED, TOLD, KNOWN = "stored", "told", "known"


def hear(env, config, findings, source):
    """Store and mark; return ``[(finding, what was done: stored, told or known)]``.

    :param source: poll or reconcile
    """
    return [(finding, _hear(env, config, finding, source)) for finding in findings]


def _hear(env, config, finding, source):
    new = bool(finding.payload) and inbox.store(
        env, config, finding.payload, source=source, known=finding.known
    )
    if finding.again or (finding.otherwise and not new):
        marks.mark_lost(env, config, finding.object, finding.remote_id)
    if new:
        return STORED
    return TOLD if finding.again or finding.otherwise else KNOWN
