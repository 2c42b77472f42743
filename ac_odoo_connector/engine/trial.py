# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A few contacts read back: what Odoo sends beside what ActiveCampaign holds."""

from ..activecampaign import NotFound
from ..mapping.registry import OBJECTS
from . import gateway, survey
from .transaction import transaction

LISTS = {"1": "subscribed", "2": "unsubscribed"}


def read_back(load):
    """Read the contacts of a load's trial and store both sides of every value.

    One request per contact, one more where Odoo sets tags.

    :raise RetriableError: ActiveCampaign cannot be reached now
    """
    with transaction(load.env) as env:
        ours = [_ours(env, load, partner) for partner in _partners(env, load)]
    with gateway.open_client(load.config_id) as client:
        theirs = {
            each["remote_id"]: _theirs(client, each)
            for each in ours
            if each["remote_id"]
        }
        _learn_tags(load, client, theirs.values())
    with transaction(load.env) as env:
        rows = [row for each in ours for row in _rows(env, load, each, theirs)]
        env["ac.first.load"].browse(load.id)._show_values(rows)


def _partners(env, load):
    return env["ac.first.load"].browse(load.id).trial_partner_ids


def _ours(env, load, partner):
    """Return what Odoo has for one partner: ``{partner, remote_id, note, payload}``."""
    config = env["ac.odoo.config"].browse(load.config_id.id)
    link = partner.ac_binding_ids.filtered(
        lambda b: b.config_id == config and b.object == "contact"
    )
    sent = link.state == "synced" and link.remote_id
    return {
        "partner": partner.id,
        "remote_id": link.remote_id if sent else None,
        "note": None if sent else _why_not(env, link),
        "payload": _payload(config, partner) if sent else {},
    }


def _why_not(env, link):
    return (link and link._explanation()) or env._("Not sent.")


def _payload(config, partner):
    synced_object = OBJECTS["contact"]
    facts = survey.facts_of(config, synced_object, partner)
    return synced_object.to_ac(partner, facts)


def _theirs(client, ours):
    """Return AC's answer about one contact, or None when it is gone."""
    try:
        answer = dict(client.contacts.get(ours["remote_id"]).data)
    except NotFound:
        return None
    if ours["payload"].get("tags"):
        links = client.contact_tags.of_contact(ours["remote_id"])
        answer["tag_ids"] = {str(link["tag"]) for link in links}
    return answer


def _learn_tags(load, client, answers):
    """Fetch the names of tags that an import has just made; one request at most."""
    seen = {id_ for answer in answers if answer for id_ in answer.get("tag_ids") or ()}
    with transaction(load.env) as env:
        known = set(_titles(env, load, "tag"))
    if seen <= known:
        return
    tags = list(client.tags.list())
    with transaction(load.env) as env:
        config = env["ac.odoo.config"].browse(load.config_id.id)
        env["ac.metadata"]._store(config, "tag", tags)


def _rows(env, load, ours, theirs):
    """Yield the values of one partner's rows, in the order they are shown."""
    answer = theirs.get(ours["remote_id"])
    row = {"load_id": load.id, "partner_id": ours["partner"]}
    if not answer:
        gone = env._("ActiveCampaign does not hold this contact.")
        note = ours["note"] or gone
        yield {**row, "name": env._("Not sent"), "odoo_value": note, "differs": True}
        return
    for name, mine, other in _pairs(env, load, ours["payload"], answer):
        if mine or other:
            values = {"name": name, "odoo_value": mine, "ac_value": other}
            yield {**row, **values, "differs": differs(mine, other)}


def _pairs(env, load, payload, answer):
    """Yield ``(label, value in Odoo, value in ActiveCampaign)``."""
    contact = answer.get("contact") or {}
    labels = _labels(env)
    for key, label in labels.items():
        yield label, str(payload.get(key) or ""), str(contact.get(key) or "")
    titles = _titles(env, load, "field")
    held = {
        str(each["field"]): str(each.get("value") or "")
        for each in answer.get("fieldValues") or ()
    }
    for id_, value in payload["fields"].items():
        yield titles.get(id_, id_), str(value or ""), held.get(id_, "")
    yield env._("Tags"), *_tags(env, load, payload, answer)
    yield env._("Company"), *_company(load, payload, answer)
    yield from _list_pairs(env, load, payload, answer)


def _labels(env):
    return {
        "email": env._("E-Mail"),
        "firstName": env._("First Name"),
        "lastName": env._("Last Name"),
        "phone": env._("Phone"),
    }


def _titles(env, load, kind):
    """Return `{AC id: name}` of one kind of metadata."""
    entries = env["ac.metadata"]._entries(load.config_id.with_env(env), kind)
    return {entry.remote_id: entry.name for entry in entries}


def _tags(env, load, payload, answer):
    """Return our tags and those of them that the contact has; others are not ours."""
    names = _titles(env, load, "tag")
    held = {names.get(id_, "").lower() for id_ in answer.get("tag_ids") or ()}
    ours = sorted(payload.get("tags") or ())
    there = [name for name in ours if name.lower() in held]
    return ", ".join(ours), ", ".join(there)


def _company(load, payload, answer):
    """Return AC's ids of the company that Odoo has sent and of those it is linked with."""
    ours = (payload.get("account") or {}).get("id", "")
    held = {str(link["account"]) for link in answer.get("accountContacts") or ()}
    return ours and f"#{ours}", ", ".join(f"#{id_}" for id_ in sorted(held))


def _list_pairs(env, load, payload, answer):
    """Yield the lists that Odoo speaks of; others are not ours."""
    names = _titles(env, load, "list")
    held = {
        str(each["list"]): LISTS.get(str(each.get("status")), "")
        for each in answer.get("contactLists") or ()
    }
    for id_, status in (payload.get("lists") or {}).items():
        yield names.get(id_, id_), LISTS.get(str(status), ""), held.get(id_, "")


def differs(ours, theirs):
    """Whether AC holds something else than what Odoo has sent.

    What Odoo leaves empty is not sent, so whatever AC holds there is its own.
    """
    return bool(ours) and _plain(ours) != _plain(theirs)


def _plain(value):
    """Return a value without what AC may spell otherwise: order of several, spaces."""
    if value.startswith("||"):
        return frozenset(part.strip() for part in value.split("||") if part.strip())
    return value.strip()
