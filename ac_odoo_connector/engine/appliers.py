# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each kind of event does in Odoo: one small function per kind, one table."""

from markupsafe import Markup

from ..mapping import text
from ..mapping.registry import OBJECTS, fingerprint
from ..mapping.value import MappingError
from .consent_appliers import unsubscribed
from .deal_appliers import deal_changed
from .ignore import Ignore

CONTACT = OBJECTS["contact"]


def opened(event, _contact):
    """Note on the timeline that an e-mail was opened."""
    partner = _partner(event)
    _note(partner, event.env._("Opened the e-mail %s"), _campaign(event))
    return partner


def clicked(event, _contact):
    """Note on the timeline which link was clicked."""
    partner = _partner(event)
    link = event._value("link", "url")
    _note(partner, event.env._("Clicked in the e-mail %s"), _campaign(event), link)
    return partner


def updated(event, contact):
    """Take over what changed in ActiveCampaign; empty values never blank known ones."""
    partner = _partner(event)
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


def _partner(event):
    partner = event._partner()
    if not partner:
        raise Ignore(event.env._("No partner is linked with this contact."))
    return partner


def _campaign(event):
    return event._value("campaign", "message", "subject") or event._value(
        "campaign", "name"
    )


def _note(partner, sentence, campaign, link=""):
    """Write a silent note: nobody is notified. Everything from outside is escaped."""
    subject = Markup("<b>%s</b>") % text.clean(campaign)
    body = Markup("<p>%s</p>") % (Markup(sentence) % subject)
    if link:
        body += Markup('<p><a href="%s" rel="noreferrer">%s</a></p>') % (link, link)
    partner._message_log(body=body)


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
    "open": opened,
    "click": clicked,
    "update": updated,
    "unsubscribe": unsubscribed,
    "deal_add": deal_changed,
    "deal_update": deal_changed,
    "list_add": vocabulary_changed,
    "deal_pipeline_add": vocabulary_changed,
    "deal_stage_add": vocabulary_changed,
}
REREAD = frozenset({"update"})
"""Events that say *that* a contact changed, not what is true now."""
