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
    said = event.env._("Opened the e-mail %s", mail(event))
    return _of_mail(event, "open", said)


def clicked(event):
    """A link in an e-mail was clicked."""
    said = event.env._("Clicked in the e-mail %s", mail(event))
    url = event.value("link", "url")
    about = hashlib.sha256(url.encode()).hexdigest()[:16]
    return _of_mail(event, "click", said, link(url), about=about)


def replied(event):
    """An e-mail was answered; what was written is shown."""
    said = event.env._("Replied to the e-mail %s", mail(event))
    return _of_mail(event, "reply", said, quote(event.value("message")), topic=False)


def forwarded(event):
    """An e-mail was forwarded."""
    said = event.env._("Forwarded the e-mail %s", mail(event))
    return _of_mail(event, "share", said, about="forward")


def shared(event):
    """An e-mail was shared in a network."""
    network = text.clean(event.value("share", "network"), SHORT)
    said = event.env._(
        "Shared the e-mail %(mail)s on %(network)s",
        mail=mail(event),
        network=network or event.env._("a network"),
    )
    comment = quote(event.value("share", "content"))
    return _of_mail(event, "share", said, comment, about=network)


def bounced(event):
    """An e-mail did not arrive: for good (hard) or for now (soft)."""
    said = (
        event.env._("The e-mail %s bounced: the address takes no mails", mail(event))
        if event.value("bounce", "type").lower() == "hard"
        else event.env._("The e-mail %s could not be delivered for now", mail(event))
    )
    why = " · ".join(
        filter(None, (event.value("bounce", k) for k in ("code", "description")))
    )
    return _of_mail(event, "bounce", said, quote(why), topic=False)


def subscribed(event):
    """A contact was added, joined a list or sent in a form."""
    lists = event.list_names()
    if event.value("form", "id") not in ("", "0"):
        said = event.env._("Sent in a form")
        return Said("subscribe", said, _lines(lists and bold(lists)))
    if lists:
        return Said("subscribe", event.env._("Subscribed to %s", bold(lists)))
    return Said("subscribe", event.env._("Was added as a contact in ActiveCampaign"))


def unsubscribed(event):
    """A contact left a list, or all of them."""
    lists = event.list_names()
    said = (
        event.env._("Unsubscribed from %s", bold(lists))
        if lists
        else event.env._("Unsubscribed from all lists")
    )
    return Said(
        "unsubscribe", said, _lines(quote(event.value("unsubscribe", "reason")))
    )


def tagged(event):
    """A tag was given."""
    return Said("tag", event.env._("Was tagged %s", bold(event.value("tag"))))


def untagged(event):
    """A tag was taken away."""
    return Said("tag", event.env._("Lost the tag %s", bold(event.value("tag"))))


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
    name = event.name_of("automation", event.value("seriesid"))
    return Said(
        "automation", event.env._("Reached a step of the automation %s", bold(name))
    )


# ------------------------------------------------------------------------ text and links


def mail(event):
    """Return what a person calls the mail of an event, in bold: subject, else campaign,
    else its number: bounces, replies and the like tell no more (facts of the API)."""
    subject = event.value("campaign", "message", "subject")
    number = event.value("campaign", "id")
    return bold(subject or campaign(event) or (number and f"#{number}") or "?")


def campaign(event):
    """Return the name of the campaign, "" when nobody has told it yet."""
    name = event.value("campaign", "name")
    return name or event.campaign_name(event.value("campaign", "id"))


def bold(value):
    """Return a name from outside, escaped and cut."""
    return Markup("<b>%s</b>") % text.clean(value, SHORT)


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
