# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a note says: one function per type of event, ``(Told) -> Said``.

A `Told` event speaks the language of its account's notes. Everything from outside is cut
and escaped; only http and https links can be clicked. Keys are those of captured
deliveries and of the official tables (facts of the API, webhooks).
"""

import hashlib
from urllib.parse import urlsplit

from markupsafe import Markup

from ..mapping import text
from .timeline import Said

LONG, SHORT = 500, 120
LINK_LENGTH = 2_000


def opened(event):
    """An e-mail was opened."""
    name = mail(event)
    said = (
        event.env._("Opened the e-mail %s", name)
        if name
        else event.env._("Opened an e-mail")
    )
    return _of_mail(event, "open", said)


def clicked(event):
    """A link in an e-mail was clicked."""
    name = mail(event)
    said = (
        event.env._("Clicked in the e-mail %s", name)
        if name
        else event.env._("Clicked in an e-mail")
    )
    url = event.value("link", "url")
    about = hashlib.sha256(url.encode()).hexdigest()[:16]
    return _of_mail(event, "click", said, link(url), about=about)


def replied(event):
    """An e-mail was answered; what was written is shown."""
    name = mail(event)
    said = (
        event.env._("Replied to the e-mail %s", name)
        if name
        else event.env._("Replied to an e-mail")
    )
    return _of_mail(event, "reply", said, quote(event.value("message")), topic=False)


def forwarded(event):
    """An e-mail was forwarded."""
    name = mail(event)
    said = (
        event.env._("Forwarded the e-mail %s", name)
        if name
        else event.env._("Forwarded an e-mail")
    )
    return _of_mail(event, "share", said, about="forward")


def shared(event):
    """An e-mail was shared in a network."""
    network = text.clean(event.value("share", "network"), SHORT)
    name, where = mail(event), network or event.env._("a network")
    said = (
        event.env._(
            "Shared the e-mail %(mail)s on %(network)s", mail=name, network=where
        )
        if name
        else event.env._("Shared an e-mail on %s", where)
    )
    comment = quote(event.value("share", "content"))
    return _of_mail(event, "share", said, comment, about=network)


def bounced(event):
    """An e-mail did not arrive: for good (hard) or for now (soft)."""
    is_hard = event.value("bounce", "type").lower() == "hard"
    said = (_bounced_for_good if is_hard else _bounced_for_now)(event, mail(event))
    why = " · ".join(
        filter(None, (event.value("bounce", k) for k in ("code", "description")))
    )
    return _of_mail(event, "bounce", said, quote(why), topic=False)


def _bounced_for_good(event, name):
    if name:
        return event.env._("The e-mail %s bounced: the address takes no mails", name)
    return event.env._("An e-mail bounced: the address takes no mails")


def _bounced_for_now(event, name):
    if name:
        return event.env._("The e-mail %s could not be delivered for now", name)
    return event.env._("An e-mail could not be delivered for now")


def subscribed(event):
    """A contact was added, joined a list or sent in a form."""
    lists = event.list_names()
    if event.value("form", "id") not in ("", "0"):
        said = event.env._("Sent in a form")
        return Said("subscribe", said, _lines(lists and bold(lists)))
    if lists:
        return Said("subscribe", event.env._("Subscribed to %s", bold(lists)))
    if event.is_about_lists():
        return Said("subscribe", event.env._("Subscribed to a list"))
    return Said("subscribe", event.env._("Was added as a contact in ActiveCampaign"))


def unsubscribed(event):
    """A contact left a list, or all of them."""
    reason = quote(event.value("unsubscribe", "reason"))
    return Said("unsubscribe", _left(event), _lines(reason))


def _left(event):
    if lists := event.list_names():
        return event.env._("Unsubscribed from %s", bold(lists))
    if event.is_about_lists():
        return event.env._("Unsubscribed from a list")
    return event.env._("Unsubscribed from all lists")


def tagged(event):
    """A tag was given."""
    name = bold(event.value("tag"))
    said = event.env._("Was tagged %s", name) if name else event.env._("Was tagged")
    return Said("tag", said)


def untagged(event):
    """A tag was taken away."""
    name = bold(event.value("tag"))
    said = event.env._("Lost the tag %s", name) if name else event.env._("Lost a tag")
    return Said("tag", said)


def noted(event):
    """A user of ActiveCampaign wrote a note."""
    said = event.env._("Note in ActiveCampaign")
    written = event.value("note", "text") or event.value("note")
    return Said("note", said, _lines(quote(written)))


def sms_sent(event):
    """An SMS was sent, or failed."""
    failed = event.value("sms", "successful") in ("0", "false")
    said = (
        event.env._("An SMS could not be delivered")
        if failed
        else event.env._("Was sent an SMS")
    )
    return Said("sms", said, _lines(quote(event.value("sms", "comment"))))


def sms_replied(event):
    """An SMS was answered."""
    said = event.env._("Replied by SMS")
    return Said("sms", said, _lines(quote(event.value("sms", "reply"))))


def sms_unsubscribed(event):
    """Somebody wants no SMS any more."""
    return Said("sms", event.env._("Wants no SMS any more"))


def automation(event):
    """An automation called: its action "Webhook" sends no type and no time."""
    name = bold(event.name_of("automation", event.value("seriesid")))
    said = (
        event.env._("Reached a step of the automation %s", name)
        if name
        else event.env._("Reached a step of an automation")
    )
    return Said("automation", said)


# ------------------------------------------------------------------------ text and links


def mail(event):
    """Return what a person calls the mail of an event, in bold: subject, else campaign.

    "" when nobody has told it: bounces, replies and the like have only the campaign's
    number (facts of the API), which tells nobody anything.
    """
    return bold(event.value("campaign", "message", "subject") or campaign(event))


def campaign(event):
    """Return the name of the campaign, "" when nobody has told it yet."""
    name, number = (event.value("campaign", key) for key in ("name", "id"))
    return name or (number and event.campaign_name(number))


def bold(value):
    """Return a name from outside, escaped and cut, "" when there is none."""
    name = text.clean(value, SHORT)
    return Markup("<b>%s</b>") % name if name else ""


def quote(value):
    """Return a text from outside as one cut line, "" when there is none."""
    said = text.clean(value, LONG)
    return Markup("<i>%s</i>") % said if said else ""


def link(url, label=""):
    """Return a link that opens in a new tab; what is not http(s) is only shown."""
    shown = label or text.clean(url, SHORT)
    return (
        Markup("<a href='%s' target='_blank' rel='noreferrer noopener'>%s</a>")
        % (url, shown)
        if is_web(url)
        else shown
    )


def is_web(url):
    """Whether a browser may be sent there."""
    if not url or len(url) > LINK_LENGTH or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _lines(*lines):
    return tuple(line for line in lines if line)


def _of_mail(event, kind, sentence, *lines, about="", topic=True):
    """Return a note about a mail, with its campaign and a look at the mail itself."""
    name = text.clean(campaign(event), SHORT)
    number = event.value("campaign", "id") or name
    topic = topic and f"{event.type}:{number}:{about}"[:128]
    return Said(
        kind,
        sentence,
        _lines(*lines, _campaign_line(event, name)),
        topic or "",
        name,
    )


def _campaign_line(event, name):
    parts = []
    subject = event.value("campaign", "message", "subject")
    if subject and name and name != text.clean(subject):
        parts.append(event.env._("Campaign %s", name))
    if is_web(url := event.value("campaign", "webcopy_url")):
        parts.append(link(url, event.env._("View the e-mail")))
    return Markup(" · ").join(parts)
