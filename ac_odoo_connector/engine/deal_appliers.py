# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A deal that somebody moved in ActiveCampaign: noted on its order, and where the stage
mapping says so the order is confirmed or cancelled, with Odoo's own checks.

What ActiveCampaign said last is kept in ``ac.binding.sent["place"]``; ``["at"]`` there is
what Odoo has told (`mapping.deal.at`).
"""

from markupsafe import Markup

from odoo.exceptions import RedirectWarning, UserError

from ..mapping import text
from ..mapping.deal import at
from ..mapping.registry import OBJECTS, fingerprint
from ..mapping.skip import Skip, Wait
from ..mapping.value import MappingError
from . import deal_place
from .ignore import Ignore
from .plan import EXTRAS

DEAL = OBJECTS["deal"]


def deal_changed(event, _contact):
    """Take note of a deal's place; only a move that Odoo did not make does more.

    ``deal_add`` and ``deal_update`` carry the whole deal (captured deliveries), so it is
    not read again: every push of our own comes back as such an event.
    """
    link = _locked(event._deal_binding())
    order = event.env["sale.order"].browse(link.res_id).exists()
    if not order:
        raise Ignore(event.env._("No order is linked with this deal."))
    order = order.with_company(order.company_id)
    place = deal_place.of_event(event)
    before = link._deal_place()
    if deal_place.is_older(event, place, before):
        raise Ignore(event.env._("A later message about this deal was applied before."))
    _remember(link, place)
    if not deal_place.is_move(event, link, before, place):
        raise Ignore(event.env._("The deal was not moved, or by Odoo itself."))
    _follow(event, link, order, before, place)
    return order.partner_id


def _locked(link):
    """A push that is settled meanwhile must not lose what it has told."""
    link.env.cr.execute(
        "SELECT 1 FROM ac_binding WHERE id = ANY(%s) FOR UPDATE", (link.ids,)
    )
    link.invalidate_recordset(["sent", "fingerprint", "state", "synced_at"])
    return link


def _remember(link, place):
    amount = place.pop("amount")
    sent = {**(link.sent or {}), "place": place}
    link.sent = {**sent, "amount": amount} if amount else sent


def _follow(event, link, order, before, place):
    """Note the move and do with the order what the stage mapping says."""
    told = deal_place.in_words(event, link, before, place)
    payload = _payload(link, order)
    in_step = payload is not None and link.fingerprint == fingerprint(payload)
    done, refused = _act(event, order, place)
    _note(order, told, done or refused)
    event.message = refused and text.clean(refused, 500)
    if in_step and done:
        _hold_back(link, order, payload, place)


def _act(event, order, place):
    """Return ``(what was done, why Odoo refused)`` in words, each or both empty."""
    row = event.config_id._row_back(order, place)
    act = ACTIONS.get(row.when_moved)
    if not act or order.state not in act.states:
        return "", ""
    try:
        with event.env.cr.savepoint():
            act.call(order)
            order.flush_recordset()
    except (UserError, RedirectWarning) as error:  # ValidationError is the former
        order.invalidate_recordset()
        return "", event.env._("Odoo refused to follow: %s", error.args[0])
    return act.words(event.env), ""


class _Confirm:
    states = ("draft", "sent")

    @staticmethod
    def call(order):
        order.action_confirm()

    @staticmethod
    def words(env):
        return env._("The quotation was confirmed.")


class _Cancel:
    states = ("draft", "sent", "sale")

    @staticmethod
    def call(order):
        """Not ``_action_cancel``: a locked order must not be cancelled."""
        order.with_context(disable_cancel_warning=True).action_cancel()

    @staticmethod
    def words(env):
        return env._("The order was cancelled.")


ACTIONS = {"confirm": _Confirm, "cancel": _Cancel}


def _note(order, told, more):
    """Write a silent note; everything from outside is escaped."""
    body = Markup("<p>%s</p>") % told
    if more:
        body += Markup("<p>%s</p>") % text.clean(more)
    order._message_log(body=body)


def _payload(link, order):
    """Return what Odoo would send of the order now, None when nothing."""
    try:
        return DEAL.to_ac(order, link.config_id._facts(DEAL, order))
    except (Skip, Wait, MappingError):
        return None


def _hold_back(link, order, before, place):
    """The stage that Odoo would now tell came from there: no echo.

    Where more than the stage has changed the rest is told.
    """
    payload = _payload(link, order)
    if payload is None or not deal_place.fits(at(payload), place):
        return
    sent = {**(link.sent or {}), "at": at(payload)}
    keys = ("group", "stage", "status")
    if {**payload, **{key: before[key] for key in keys}} == before:
        core = {k: v for k, v in payload.items() if k not in EXTRAS}
        sent["core"] = fingerprint(core)
        link.fingerprint = fingerprint(payload)
    link.sent = sent
