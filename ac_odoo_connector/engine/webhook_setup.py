# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The webhook in ActiveCampaign that points here: made, compared, repaired, removed.

ActiveCampaign never retries a delivery, and an answer 410 makes a webhook inactive for
good without the API saying so (PAGE:webhooks): then only a new one helps (`recreate`).
"""

from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from ..activecampaign import NotFound
from ..activecampaign.hosts import HOST_NAME, LOCAL_HOSTS, is_public
from . import vault

ALWAYS = (
    *("unsubscribe", "bounce", "sms_unsub"),
    *("list_add", "deal_pipeline_add", "deal_stage_add"),
)
"""A withdrawal is heard whatever else is chosen, and Odoo's lists of names stay fresh."""
GROUPS = {
    "webhook_contacts": (
        *("subscribe", "update", "contact_tag_added", "contact_tag_removed"),
        "subscriber_note",
    ),
    "webhook_engagement": ("open", "click", "sent", "reply", "forward", "share"),
    "webhook_deals": (
        *("deal_add", "deal_update", "deal_note_add"),
        *("deal_task_add", "deal_task_complete"),
    ),
    "webhook_sms": ("sms_sent", "sms_reply"),
    "webhook_accounts": (
        *("account_add", "account_update", "account_contact_add"),
        *("account_contact_update", "contact_task_add"),
    ),
}
"""``{field of ac.odoo.config: events}``. Those of the last are accepted although
``GET /webhook/events`` does not name them."""
EVENTS = [*ALWAYS, *(event for group in GROUPS.values() for event in group)]

LIST_BOUND_TO_NONE = 0


def events_of(config):
    """Return the names of the events that an account asks for."""
    chosen = [
        event for field, group in GROUPS.items() if config[field] for event in group
    ]
    return [*ALWAYS, *chosen]


def sources_of(config):
    """Return whose doings are reported: without ``system`` the opens of automation
    e-mails do not arrive (REF:webhooks); ``api`` is other programs, and our own echo."""
    return ["public", "admin", "system", *(["api"] if config.webhook_from_api else [])]


def connect(config, client):
    """Make the webhook or bring it up to date; return its id in ActiveCampaign.

    A webhook of the same name that an earlier connection left behind is used again,
    so connecting twice makes one; other databases and accounts have other names.
    """
    values = wanted(config)
    known = config.ac_webhook_id or _find(client, values["name"])
    with suppress(NotFound):  # deleted over there: make it again
        if known:
            return client.webhooks.update(known, values).id or known
    return client.webhooks.create(values).id


def recreate(config, client):
    """Delete the webhook and make it anew; return its id.

    The only remedy for one that ActiveCampaign has made inactive.
    """
    remove(config, client)
    return client.webhooks.create(wanted(config)).id


def remove(config, client):
    """Delete the webhook over there, and what earlier connections left behind."""
    name = wanted(config)["name"]
    left = [each["id"] for each in client.webhooks.list() if each.get("name") == name]
    for webhook_id in {str(id_) for id_ in [config.ac_webhook_id, *left] if id_}:
        with suppress(NotFound):
            client.webhooks.delete(webhook_id)


def differences(config, client):
    """Return what is wrong with the webhook: any of ``missing``, ``url``, ``events``,
    ``sources``, ``list``; whether it is active the API does not tell."""
    try:
        there = client.webhooks.get(config.ac_webhook_id or 0).record
    except NotFound:
        return ["missing"]
    here = wanted(config)
    wrong = [
        part for part in ("events", "sources") if _set(there, part) != {*here[part]}
    ]
    if there.get("url") != here["url"]:
        wrong.insert(0, "url")
    if str(there.get("listid") or 0) != str(LIST_BOUND_TO_NONE):
        wrong.append("list")
    return wrong


def wanted(config):
    """Return the webhook as it should be (OAS create-webhook)."""
    return {
        "name": f"Odoo {config.database_uuid[:8]} {config.id}",
        "url": webhook_url(config),
        "events": events_of(config),
        "sources": sources_of(config),
        "listid": LIST_BOUND_TO_NONE,
    }


def _set(webhook, part):
    return {str(each) for each in webhook.get(part) or ()}


def _find(client, name):
    for webhook in client.webhooks.list():
        if webhook["name"] == name:
            return webhook["id"]
    return None


def webhook_url(config):
    """Return the address with the token; ActiveCampaign offers no other place for it.

    :raise vault.VaultError: the token cannot be read, or there is none
    """
    if not config.ac_webhook_token_encrypted:
        raise vault.VaultError(
            "There is no webhook token. Press “New Webhook Token” on the account."
        )
    token = vault.decrypt(config.ac_webhook_token_encrypted, config.env.cr.dbname)
    return f"{config.get_base_url()}/ac/webhook/any?{urlencode({'token': token})}"


def address_problem(base_url):
    """Return why ActiveCampaign cannot call an address, None when nothing speaks
    against it: ``local`` (this machine or a private network), ``http`` or ``port``.

    Only https on port 443 is called (OAS create-webhook).
    """
    parts = urlsplit(base_url or "")
    host = parts.hostname or ""
    if host in LOCAL_HOSTS or not _is_public_name(host):
        return "local"
    if parts.scheme != "https":
        return "http"
    return None if parts.port in (None, 443) else "port"


def _is_public_name(host):
    try:
        return is_public(host)
    except ValueError:  # a name, not an address
        return bool(HOST_NAME.fullmatch(host)) and not host.endswith(
            (".local", ".localhost", ".internal", ".lan")
        )
