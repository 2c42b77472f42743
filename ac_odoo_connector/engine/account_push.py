# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One company: an ActiveCampaign account, found by its name before a second is made."""

from contextlib import suppress

from ..activecampaign import Duplicate, NotFound
from ..mapping.account import as_account
from . import looking


def deliver(config, client, plan):
    """Create, adopt or update an account.

    Names are unique over there (OAS create-an-account-new): a name that exists
    already is adopted, also one of a try whose answer was lost. A linked account keeps its id when the company is renamed.

    :return: ``(AC id, what AC has been told)``
    :raise Duplicate: the new name of a linked account belongs to another one
    """
    plan = looking.look(client, plan, _held)
    values = as_account(plan.sendable, plan.blanked)
    return _upsert(client, plan, values), plan.told_after()


def _upsert(client, plan, values):
    with suppress(NotFound):  # deleted over there: made again
        if plan.remote_id:
            client.accounts.update(plan.remote_id, values)
            return plan.remote_id
    try:
        return client.accounts.create(values, idempotent=True).id or find(
            client, plan.identity
        )
    except Duplicate:
        account_id = find(client, plan.identity)
        if not account_id:
            raise
        client.accounts.update(account_id, values)
        return account_id


def delete(_config, client, plan):
    """Delete an account."""
    client.accounts.delete(plan.remote_id)


def find(client, identity):
    """Return the id of the account with this name (in any case), None if there is none."""
    for account in client.accounts.list(search=identity):
        if str(account.get("name") or "").strip().lower() == identity:
            return str(account["id"])
    return None


def _held(client, plan):
    account_id = plan.remote_id or find(client, plan.identity)
    if not account_id:
        return None
    values = client.account_field_data.list(
        **{"filters[customerAccountId]": account_id}
    )
    return {str(each["customFieldId"]): each.get("fieldValue") for each in values}
