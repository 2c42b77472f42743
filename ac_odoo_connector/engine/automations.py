# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Automations that a contact enters: once for every entry into an audience."""

from datetime import datetime, timezone

SECONDS = len("2026-05-24T05:16:42")


def enter(client, contact_id, plan):
    """Have the contact enter the automations that it has not entered for this entry.

    Whether an entry of an earlier try has arrived is looked up first: there is no
    upsert for it (OAS create-new-contactautomation).
    """
    wanted = plan.new_automations
    if not wanted:
        return
    entered = _entered(client, contact_id)
    for automation_id, entry in sorted(wanted.items()):
        if entered.get(automation_id, "")[:SECONDS] < entry[:SECONDS]:
            client.add_contact_to_automation(contact_id, automation_id)


def _entered(client, contact_id):
    """Return ``{AC automation id: ISO UTC time of the last entry}``."""
    entered = {}
    for each in client.contacts.related(contact_id, "contactAutomations"):
        moment = _utc(each.get("adddate"))
        automation_id = str(each["automation"])
        entered[automation_id] = max(moment, entered.get(automation_id, ""))
    return entered


def _utc(moment):
    """AC's dates carry the account's offset, such as 2026-05-24T05:16:42-05:00."""
    try:
        there = datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        return ""
    return there.astimezone(timezone.utc).isoformat()
