# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each kind of event does in Odoo: one table.

Of each kind of event that the facts of the API know (webhooks, delivery and automation
actions); another kind is kept and shown. Most only tell on a timeline: see
`timeline_appliers` for how, `timeline_words` for the words.
"""

from . import timeline_deal_words, timeline_words
from .consent_appliers import bounced, unsubscribed
from .contact_appliers import contact_added, updated
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
    sent,
)


def vocabulary_changed(event, _contact):
    """Fetch the metadata anew: a list, a pipeline or a stage was added."""
    event.config_id._enqueue("metadata")
    return event.env["res.partner"]


def nothing_to_do(event, _contact):
    """What Odoo has no use for."""
    raise Ignore(event.env._("Odoo has no use for this kind of event."))


APPLIERS = {
    # mails
    "open": on_partner(timeline_words.opened, counts=True),
    "click": on_partner(timeline_words.clicked, counts=True),
    "reply": on_partner(timeline_words.replied, counts=True),
    "forward": on_partner(timeline_words.forwarded, counts=True),
    "share": on_partner(timeline_words.shared, counts=True),
    "bounce": after(bounced, timeline_words.bounced, counts=True),
    "sent": sent,
    # contacts
    "subscribe": after(
        learning(contact_added), timeline_words.subscribed, quiet=by_program
    ),
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
REREAD = frozenset({"subscribe", "update"})
"""Events that say *that* a contact changed, not what is true now."""
