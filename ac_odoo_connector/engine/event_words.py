# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What lists of events say: the words of the notes, and those of what leaves none."""

from markupsafe import Markup

from ..mapping import text
from . import timeline_deal_words, timeline_words
from .timeline_words import SHORT, bold


def campaign_sent(event):
    """A campaign left."""
    name = bold(timeline_words.campaign(event))
    if name:
        return event.env._("The campaign %s was sent", name)
    return event.env._("A campaign was sent")


def contact_changed(event):
    """A contact was changed over there."""
    return event.env._("Was changed in ActiveCampaign")


def deal_changed(event):
    """A deal was moved or changed over there."""
    title = bold(event.value("deal", "title"))
    if title:
        return event.env._("The deal %s was changed in ActiveCampaign", title)
    return event.env._("A deal was changed in ActiveCampaign")


def vocabulary_changed(event):
    """ActiveCampaign has a new list, pipeline, stage or kind of task."""
    return event.env._("ActiveCampaign's settings were changed")


NOTED = {
    # mails
    "open": timeline_words.opened,
    "click": timeline_words.clicked,
    "reply": timeline_words.replied,
    "forward": timeline_words.forwarded,
    "share": timeline_words.shared,
    "bounce": timeline_words.bounced,
    # contacts
    "subscribe": timeline_words.subscribed,
    "unsubscribe": timeline_words.unsubscribed,
    "contact_tag_added": timeline_words.tagged,
    "contact_tag_removed": timeline_words.untagged,
    "subscriber_note": timeline_words.noted,
    "contact_task_add": timeline_deal_words.task_added,
    "contact_task_complete": timeline_deal_words.task_completed,
    "automation": timeline_words.automation,
    "sms_sent": timeline_words.sms_sent,
    "sms_reply": timeline_words.sms_replied,
    "sms_unsub": timeline_words.sms_unsubscribed,
    # deals
    "deal_add": timeline_deal_words.deal_added,
    "deal_note_add": timeline_deal_words.deal_noted,
    "deal_task_add": timeline_deal_words.task_added,
    "deal_task_complete": timeline_deal_words.task_completed,
    # companies
    "account_add": timeline_deal_words.account_added,
    "account_update": timeline_deal_words.account_changed,
    "account_contact_add": timeline_deal_words.contact_of_account,
    "account_contact_update": timeline_deal_words.contact_of_account,
}
"""``(Told) -> Said`` of each type that may leave a note."""
UNNOTED = {
    "sent": campaign_sent,
    "update": contact_changed,
    "deal_update": deal_changed,
    "list_add": vocabulary_changed,
    "deal_pipeline_add": vocabulary_changed,
    "deal_stage_add": vocabulary_changed,
    "deal_tasktype_add": vocabulary_changed,
}
"""``(Told) -> text`` of the other types."""


def happening(event):
    """Return what happened as one line of plain text; a type without words is named.

    :param event: `Told`
    """
    try:
        words = _words(event)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        words = ""  # what is odd about one event must not hide the others
    return Markup(words).striptags() or event.type


def _words(event):
    if words := not event.payload and _forgotten(event.env).get(event.type):
        return words
    if said := NOTED.get(event.type):
        return said(event).sentence
    return UNNOTED[event.type](event)


def _forgotten(env):
    """Return words for types of which only the content could say more, and is gone."""
    return {
        "bounce": env._("An e-mail bounced"),
        "subscribe": env._("Subscribed"),
        "unsubscribe": env._("Unsubscribed"),
    }


def campaign(event):
    """Return the campaign of an event about a mail, else the mail's subject."""
    subject = event.value("campaign", "message", "subject")
    return text.clean(timeline_words.campaign(event) or subject, SHORT)
