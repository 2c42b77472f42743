# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""ActiveCampaign's own vocabulary, fetched whole and cached in `ac.metadata`."""

from odoo import fields

from ..activecampaign import AuthenticationError, NotFound
from .transaction import transaction

KINDS = {
    "field": ("fields", "title"),
    "account_field": ("account_fields", "fieldLabel"),
    "deal_field": ("deal_fields", "fieldLabel"),
    "tag": ("tags", "tag"),
    "list": ("lists", "name"),
    "pipeline": ("pipelines", "title"),
    "stage": ("stages", "title"),
    "automation": ("automations", "name"),
    "user": ("users", "username"),
    "group": ("groups", "title"),
    "score": ("scores", "name"),
}
"""``{kind: (resource of the client, key of the name)}``"""


def refresh(config, client):
    """Fetch every kind and store it; a kind whose read is forbidden stays as it is.

    All pages are read before anything is stored, so an answer that breaks off
    takes no entry away.
    """
    for kind, (resource, _name) in KINDS.items():
        try:
            records = list(getattr(client, resource).list())
        except (AuthenticationError, NotFound):  # the plan or the user lacks this part
            continue
        with transaction(config.env) as env:
            env["ac.metadata"]._store(config, kind, records, complete=True)
    with transaction(config.env) as env:
        config = env["ac.odoo.config"].browse(config.id)
        config.metadata_at = fields.Datetime.now()
        config._match_owners()
        config._report_lost_stages()
        config._all_well()


def refresh_kind(config, client, kind):
    """Fetch one kind and store it in the caller's transaction."""
    resource, _name = KINDS[kind]
    records = list(getattr(client, resource).list())
    config.env["ac.metadata"].sudo()._store(config, kind, records, complete=True)


def name_of(kind, record):
    """Return what a person calls a record of AC's vocabulary."""
    _resource, key = KINDS[kind]
    return str(record.get(key) or record.get("name") or record["id"])


def key_of(kind, record):
    """Return the personalisation tag of a custom field in upper case, else False.

    Fields of accounts and deals may have none; their label serves then.
    """
    if not kind.endswith("field"):
        return False
    tag = record.get("perstag") or record.get("personalization") or ""
    return (tag.strip("% ") or "_".join(name_of(kind, record).split())).upper()


def user_name(user):
    """Return the readable name of AC's user object (OAS get-user-logged-in)."""
    full = f"{user.get('firstName') or ''} {user.get('lastName') or ''}".strip()
    return full or user.get("username") or user.get("email") or ""


def account_name(client):
    """Return the account's name, or its host when the user is no administrator."""
    try:
        settings = client.account.settings().data
    except (AuthenticationError, NotFound):
        settings = {}
    account = settings.get("account") or settings
    return str(account.get("name") or account.get("account") or client.root)
