# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Appliers that only tell: on the timeline of a person, a company or an order.

Each is made from a function of `timeline_words`; nothing is written before the chunk's
`timeline.flush`.
"""

from . import engagement, timeline
from .contact_appliers import known_partner
from .ignore import Ignore
from .told import Told


def on_partner(words, counts=False, quiet=None):
    """Return an applier that notes an event on the partner of its contact.

    :param words: ``(Told) -> Said``
    :param counts: it adds to the partner's engagement
    :param quiet: ``(event) -> bool``: Odoo itself has caused it, there is nothing to tell
    """

    def applier(event, _contact):
        if quiet and quiet(event):
            raise Ignore(event.env._("Odoo has told ActiveCampaign so itself."))
        partner = partner_of(event)
        timeline.gather(event, partner, words(Told(event)), counts)
        return partner

    return applier


def after(applier, words, counts=False, quiet=None):
    """Return an applier that does more, and whose partner gets a note afterwards."""

    def noting(event, contact):
        partner = applier(event, contact)
        if partner and not (quiet and quiet(event)):
            said = words(Told(event))
            timeline.gather(event, partner[:1], said, counts)
        return partner

    return noting


def learning(applier):
    """Return an applier that also takes over what the contact, read again, counts."""

    def learned(event, contact):
        partner = applier(event, contact)
        if partner and contact:
            engagement.learn(event.env, {partner[:1].id: counted_over_there(contact)})
        return partner

    return learned


def on_deal(words, otherwise=None):
    """Return an applier that notes an event on the deal's order, else on its contact.

    :param otherwise: the words where no order is linked, if they are others
    """

    def applier(event, _contact):
        order = order_of(event)
        if (
            not order and event._value("initiated_from") == "api"
        ):  # its order is not told
            raise Ignore(event.env._("No order is linked with this deal."))
        record = order or partner_of(event)
        said = (words if order else otherwise or words)(Told(event))
        timeline.gather(event, record, said)
        return order.partner_id or record

    return applier


def deal_added(known, words):
    """Return an applier for new deals: `known` takes those of orders."""
    elsewhere = on_deal(words)

    def applier(event, contact):
        return (known if order_of(event) else elsewhere)(event, contact)

    return applier


def on_account(words, quiet=None):
    """Return an applier that notes an event on the partner of a company."""

    def applier(event, _contact):
        if quiet and quiet(event):
            raise Ignore(event.env._("Odoo has told ActiveCampaign so itself."))
        remote_id = event._value("account", "id") or event._value(
            "accountContact", "account"
        )
        link = event._linked("account", remote_id)
        company = event.env["res.partner"].browse(link.res_id).exists()
        if not company:
            raise Ignore(event.env._("No company is linked with this account."))
        timeline.gather(event, company, words(Told(event)))
        return company

    return applier


def on_deal_or_contact(words):
    """Return an applier for tasks: a deal may have one, a contact, too."""
    of_deal, of_contact = on_deal(words), on_partner(words)

    def applier(event, contact):
        has_deal = event._value("deal", "id")
        return (of_deal if has_deal else of_contact)(event, contact)

    return applier


def sent(event, _contact):
    """A campaign left: ActiveCampaign says to how many, not to whom."""
    raise Ignore(
        event.env._(
            "A campaign was sent to %s people; ActiveCampaign does not say to whom.",
            event._value("campaign", "recipients") or "?",
        )
    )


# ------------------------------------------------------------------------------ who is it


def partner_of(event):
    """Return the partner of the event's contact.

    :raise Waits: none is linked yet
    """
    return known_partner(event)


def order_of(event):
    """Return the order of the event's deal, empty when none is linked."""
    return event.env["sale.order"].browse(event._deal_binding().res_id).exists()


def by_program(event):
    """Whether a program did it: what we send comes back as events as well."""
    return event._value("initiated_from") == "api"


def our_tag(event):
    """Whether it is a tag that Odoo itself has given or taken away."""
    if not by_program(event):
        return False
    told = (event._binding().sent or {}).get("tags") or ()
    return (event._value("tag") in told) == (event.type == "contact_tag_added")


def counted_over_there(contact):
    """Return ``{"sent", "score"}`` of AC's contact object; what it lacks is None.

    ``scoreValues`` are objects when `engine.reread` has asked for them; ids or nothing in
    the contact's own answer.
    """
    scores = [v for v in contact.get("scoreValues") or () if isinstance(v, dict)]
    return {
        "sent": _number(contact.get("sentcnt")),
        "score": sum(_number(v.get("scoreValue")) or 0 for v in scores)
        if scores
        else None,
    }


def _number(value):
    """Return a number that fits a column of Odoo's, None for anything else."""
    digits = str(value or "")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else None
