# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The company of a contact: one account per contact is ActiveCampaign's rule."""

from ..activecampaign import Duplicate, NotFound, Rejected
from . import marks
from .transaction import transaction


def replace(config, client, contact_id, plan):
    """Link the contact with its company; an existing link counts as done.

    A contact that has another account is moved or left there, by the account's
    policy. Only a link that the connector made is taken away again.
    """
    if plan.gone_account:
        for link in _links(client, contact_id):
            if str(link["account"]) == plan.gone_account:
                client.account_contacts.delete(link["id"])
    elif plan.new_account:
        try:
            _link(config, client, contact_id, plan)
        except NotFound:  # the account was deleted over there: its people follow it
            with transaction(config.env) as env:
                marks.mark_lost(env, config, "account", plan.new_account["id"])
            return False
    return True


def _link(config, client, contact_id, plan):
    wanted = plan.new_account
    if not plan.told.get("account"):
        try:
            return _create(client, contact_id, wanted)
        except (Duplicate, Rejected):
            links = _links(client, contact_id)
            if not links:  # it was refused for another reason
                raise
    else:
        links = _links(client, contact_id)
    if not links:
        return _create(client, contact_id, wanted)
    return _adjust(config, client, contact_id, links[0], wanted)


def _links(client, contact_id):
    return [
        link
        for link in client.account_contacts.list(**{"filters[contact]": contact_id})
        if str(link["contact"]) == str(contact_id)
    ]


def _create(client, contact_id, wanted):
    client.account_contacts.create(
        {
            "contact": contact_id,
            "account": wanted["id"],
            "jobTitle": wanted.get("title", ""),
        },
        idempotent=True,  # a second link is refused, and the first one found
    )


def _adjust(config, client, contact_id, link, wanted):
    title = wanted.get("title", "")
    if str(link["account"]) == wanted["id"]:
        if (link.get("jobTitle") or "") != title:
            client.account_contacts.update(link["id"], {"jobTitle": title})
    elif config.account_link_policy == "move":
        client.account_contacts.delete(link["id"])
        _create(client, contact_id, wanted)
