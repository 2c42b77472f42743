# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Subscriptions of one contact: who has said no over there is never taken back."""

from ..mapping.contact import SUBSCRIBED, UNSUBSCRIBED
from ..mapping.event import BOUNCED
from .transaction import transaction


def tell(config, client, contact_id, plan):
    """Subscribe and unsubscribe; return ``{AC list id: status}`` as it is now.

    Status 1 would take people back who opted out over there (OAS
    update-list-status-for-contact), so their status is read first; their no is
    recorded here instead. Nor does it take back whose mails bounce, who has said
    nothing. Whom the connector itself has taken off a list stays off
    it, too: nobody can tell any more what they have said meanwhile.
    """
    wanted = plan.new_lists
    there = _there(client, contact_id) if wanted else {}
    refused = {
        id_
        for id_, status in wanted.items()
        if status == SUBSCRIBED and there.get(id_) in (UNSUBSCRIBED, BOUNCED)
    }
    for list_id, status in sorted(wanted.items()):
        if list_id not in refused and there.get(list_id) != status:
            client.contact_lists.create(
                {"contact": contact_id, "list": list_id, "status": status}
            )
    told = plan.told.get("lists", {})
    spoken = {
        id_
        for id_ in refused
        if there[id_] == UNSUBSCRIBED and told.get(id_) != UNSUBSCRIBED
    }
    if spoken:
        _withdraw(config, plan.binding, spoken)
    return {
        id_: UNSUBSCRIBED if id_ in refused else status
        for id_, status in wanted.items()
    }


def _there(client, contact_id):
    return {
        str(each["list"]): int(each["status"])
        for each in client.contact_lists.of_contact(contact_id)
    }


def _withdraw(config, binding_id, list_ids):
    with transaction(config.env) as env:
        binding = env["ac.binding"].browse(binding_id)
        partner = env["res.partner"].browse(binding.res_id)
        for entry in env["ac.metadata"]._entries(config, "list"):
            if entry.remote_id in list_ids:
                env["ac.consent"]._record(
                    partner,
                    "withdrawn",
                    "activecampaign",
                    list_id=entry.id,
                    config_id=config.id,
                )
