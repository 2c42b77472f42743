# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One contact: upsert, then what hangs on it."""

from dataclasses import replace

from ..activecampaign import NotFound, SkippableError
from ..mapping.contact import as_sync
from ..mapping.skip import Skip
from . import account_link, automations, lists, looking, lost_contact, overlap, tags
from .plan import EXTRAS


def deliver(config, client, plan):
    """Tell ActiveCampaign what it has not been told of a contact.

    A linked contact is updated by id, so a changed e-mail keeps the contact; one
    that was deleted over there is made again.

    :return: ``(AC id, what AC has been told)``
    """
    try:
        return _tell(config, client, plan)
    except NotFound:
        if not plan.remote_id or _is_there(client, plan):
            raise
        if config.consent_mode == "existing":
            raise Skip("not_in_ac") from None
        return _tell(config, client, replace(plan.anew(), announced=""))


def _tell(config, client, plan):
    if plan.existing:
        plan = _adopted(client, plan)
    elif plan.sought:
        plan = replace(plan, remote_id=lost_contact.find(config, client, plan))
    plan = overlap.settle(config, client, looking.look(client, plan, _held))
    remote_id = _upsert(client, plan) if plan.core_changed else plan.remote_id
    linked = account_link.replace(config, client, remote_id, plan)
    tags.replace(config, client, remote_id, plan)
    told = plan.told_after(*(each for each in EXTRAS if linked or each != "account"))
    told["lists"] = told.get("lists", {}) | lists.tell(config, client, remote_id, plan)
    automations.enter(client, remote_id, plan)
    return remote_id, told


def _is_there(client, plan):
    """Tell a contact that is gone from a tag or a list that is: both are a 404."""
    try:
        return client.contacts.get(plan.remote_id).record
    except NotFound:
        return False


def leave(config, client, plan):
    """Take a contact that is not sent any more off its lists."""
    try:
        now = lists.tell(config, client, plan.remote_id, plan)
    except NotFound:
        now = plan.new_lists
    return {**plan.told, "lists": {**plan.told.get("lists", {}), **now}}


def delete(_config, client, plan):
    """Delete a contact."""
    client.contacts.delete(plan.remote_id)


def _upsert(client, plan):
    """Return the AC id of the contact that now holds the core of the payload."""
    contact = as_sync(plan.sendable, plan.blanked)
    if plan.remote_id:
        client.contacts.update(plan.remote_id, contact)
        return plan.remote_id
    result = client.contacts.sync({**contact, "email": plan.identity})
    return result.id or _find(client, plan.identity)


def _adopted(client, plan):
    """Return the plan for the contact that is there already.

    :raise Skip: there is none, and new ones are not wanted
    """
    found = next(client.contacts.list(email=plan.payload["email"]), None)
    if not found:
        raise Skip("not_in_ac")
    return replace(plan, remote_id=str(found["id"]), existing=False)


def _find(client, email):
    """Return the id of a contact whose upsert was answered without a body."""
    found = next(client.contacts.list(email=email), None)
    if not found:
        raise SkippableError(
            "ActiveCampaign accepted the contact but does not show it. "
            "Check there whether the address is on the exclusion list."
        )
    return str(found["id"])


def _held(client, plan):
    """Return ``{AC field id: value}`` of the contact over there, None for no contact."""
    contact_id = plan.remote_id
    if not contact_id:
        found = next(client.contacts.list(email=plan.payload["email"]), None)
        contact_id = found and found["id"]
    if not contact_id:
        return None
    values = client.contacts.related(contact_id, "fieldValues")
    return {str(each["field"]): each.get("value") for each in values}
