# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The webhook in ActiveCampaign that points here."""

from contextlib import suppress
from urllib.parse import urlencode

from ..activecampaign import NotFound
from . import vault

EVENTS = [
    *("subscribe", "unsubscribe", "update", "open", "click", "sent", "bounce"),
    *("reply", "forward", "share", "contact_tag_added", "contact_tag_removed"),
    *("subscriber_note", "deal_add", "deal_update", "list_add"),
    *("deal_pipeline_add", "deal_stage_add"),
]
SOURCES = ["public", "admin", "api", "system"]
"""Without ``system`` the opens of automation e-mails do not arrive (REF:webhooks)."""


def connect(config, client):
    """Make the webhook or bring it up to date; return its id in ActiveCampaign.

    A webhook of the same name that an earlier connection left behind is used again,
    so connecting twice makes one; other databases and accounts have other names.
    """
    target = webhook_url(config)
    name = f"Odoo {config.database_uuid[:8]} {config.id}"
    values = {"name": name, "url": target, "events": EVENTS, "sources": SOURCES}
    known = config.ac_webhook_id or _find(client, name)
    with suppress(NotFound):  # deleted over there: make it again
        if known:
            return client.webhooks.update(known, values).id or known
    return client.webhooks.create(values).id


def _find(client, name):
    for webhook in client.webhooks.list():
        if webhook["name"] == name:
            return webhook["id"]
    return None


def webhook_url(config):
    """Return the address with the token; ActiveCampaign offers no other place for it."""
    token = vault.decrypt(config.ac_webhook_token_encrypted, config.env.cr.dbname)
    return f"{config.get_base_url()}/ac/webhook/any?{urlencode({'token': token})}"
