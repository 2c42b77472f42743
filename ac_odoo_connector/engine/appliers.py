# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each kind of event does in Odoo: one table.

Of each kind of event that the facts of the API know (webhooks, delivery and automation
actions); another kind is kept and shown. Most only tell on a timeline: see
`timeline_appliers` for how, `timeline_words` for the words.
"""

from ..mapping import text
from ..mapping.registry import OBJECTS, fingerprint
from ..mapping.value import MappingError
from . import timeline_deal_words, timeline_words
from .consent_appliers import unsubscribed
from .deal_appliers import deal_changed
from .ignore import Ignore
from .timeline_appliers import (
    after,
    by_program,
    deal_added,
    learning,
    on_account,
    on_deal,
    on_deal_or_contact,
    on_partner,
    our_tag,
    partner_of,
    sent,
)

CONTACT = OBJECTS["contact"]


def updated(event, contact):
    """Take over what changed in ActiveCampaign; empty values never blank known ones."""
    partner = partner_of(event)
    if not contact:
        raise Ignore(event.env._("The contact was deleted in ActiveCampaign."))
    binding = event._binding()
    in_step = binding.fingerprint == _fingerprint(partner, event.config_id)
    values = _changes(partner, contact)
    if values:
        partner.write(values)
    if in_step and _holds(contact, partner, event.config_id):
        binding.fingerprint = _fingerprint(partner, event.config_id)  # no echo
    return partner


def vocabulary_changed(event, _contact):
    """Fetch the metadata anew: a list, a pipeline or a stage was added."""
    event.config_id._enqueue("metadata")
    return event.env["res.partner"]


def nothing_to_do(event, _contact):
    """What Odoo has no use for."""
    raise Ignore(event.env._("Odoo has no use for this kind of event."))


def _changes(partner, contact):
    """Return the partner values that differ from AC's contact."""
    values = CONTACT.from_ac(contact)
    names = (contact.get("firstName") or "", contact.get("lastName") or "")
    if "name" in values and text.split_name(partner.name) == names:
        del values["name"]
    return {name: value for name, value in values.items() if partner[name] != value}


def _payload(partner, config):
    return CONTACT.to_ac(partner, config._facts(CONTACT, partner))


def _fingerprint(partner, config):
    try:
        return fingerprint(_payload(partner, config))
    except (text.Skip, MappingError):
        return None


def _holds(contact, partner, config):
    """Whether AC's contact says what Odoo would send."""
    payload = _payload(partner, config)
    return _known(contact) == _known(payload)


def _known(contact):
    """Return what counts; where a name is cut in two is the other side's choice."""
    name = f"{contact.get('firstName') or ''} {contact.get('lastName') or ''}"
    return name.strip(), contact.get("email") or "", contact.get("phone") or ""


APPLIERS = {
    # mails
    "open": on_partner(timeline_words.opened, counts=True),
    "click": on_partner(timeline_words.clicked, counts=True),
    "reply": on_partner(timeline_words.replied, counts=True),
    "forward": on_partner(timeline_words.forwarded, counts=True),
    "share": on_partner(timeline_words.shared, counts=True),
    "bounce": on_partner(timeline_words.bounced, counts=True),
    "sent": sent,
    # contacts
    "subscribe": on_partner(timeline_words.subscribed, quiet=by_program),
    "unsubscribe": after(unsubscribed, timeline_words.unsubscribed),
    "update": learning(updated),
    "contact_tag_added": on_partner(timeline_words.tagged, quiet=our_tag),
    "contact_tag_removed": on_partner(timeline_words.untagged, quiet=our_tag),
    "subscriber_note": on_partner(timeline_words.noted),
    "contact_task_add": on_partner(timeline_deal_words.task_added),
    "contact_task_complete": on_partner(timeline_deal_words.task_completed),
    "automation": on_partner(timeline_words.automation),
    "sms_sent": on_partner(timeline_words.sms_sent),
    "sms_reply": on_partner(timeline_words.sms_replied, counts=True),
    "sms_unsub": on_partner(timeline_words.sms_unsubscribed),
    # deals
    "deal_add": deal_added(deal_changed, timeline_deal_words.deal_added),
    "deal_update": deal_changed,
    "deal_note_add": on_deal(timeline_deal_words.deal_noted),
    "deal_task_add": on_deal_or_contact(timeline_deal_words.task_added),
    "deal_task_complete": on_deal_or_contact(timeline_deal_words.task_completed),
    # companies
    "account_add": on_account(timeline_deal_words.account_added, quiet=by_program),
    "account_update": on_account(timeline_deal_words.account_changed, quiet=by_program),
    "account_contact_add": on_account(
        timeline_deal_words.contact_of_account, quiet=by_program
    ),
    "account_contact_update": on_account(
        timeline_deal_words.contact_of_account, quiet=by_program
    ),
    # words of their own
    "list_add": vocabulary_changed,
    "deal_pipeline_add": vocabulary_changed,
    "deal_stage_add": vocabulary_changed,
    "deal_tasktype_add": nothing_to_do,
}
REREAD = frozenset({"update"})
"""Events that say *that* a contact changed, not what is true now."""
