# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""ActiveCampaign → Odoo: one contact into the partner that it is linked with.

Each value has an owner. Where both sides own it, the one who has changed it since the
last common state (`mapping.agreement`) is heard; where both have, the account's policy
decides. An empty value never blanks a known one.
"""

from datetime import datetime

from ..activecampaign import webhook_timestamp
from ..mapping import agreement
from ..mapping.agreement import BOTH, NOBODY, OURS, THEIRS
from ..mapping.contact import said
from . import pull_write
from .ignore import Ignore, ReadAgain, Waits
from .pull_rules import REFUSALS, as_values, in_words, rules_of, why_not


def take_over(config, partner, link, contact):
    """Take over what has changed in AC's contact; note what both have changed.

    The rows are locked before anything is written, so what a user saves meanwhile is
    either seen here or saved after it: neither loses a change, whoever comes second.

    :param contact: see `reread.Reading`
    :return: texts for people: values that do not fit, conflicts
    :raise Waits: the contact is being sent
    :raise ReadAgain: it has been sent since it was read
    :raise Ignore: the partner is none of the account's business
    """
    if not Pull(config, partner, link, contact).has_work():
        return []
    if reason := why_not(config, partner):
        raise Ignore(reason)
    lock(partner, link)
    read_at = contact.get("read_at")
    if read_at and link.synced_at and link.synced_at >= datetime.fromisoformat(read_at):
        raise ReadAgain
    pull = Pull(config, partner, link, contact)
    return pull.take() + pull.note_conflicts()


def lock(partner, link):
    """Lock and read again what is about to be written.

    While a contact is being sent nobody can tell which value arrives last: the event
    waits until the answer is here.

    :raise Waits: the contact is being sent; its answer wakes the event
    """
    # NO KEY: whoever refers to the partner, such as a new message, need not wait
    partner.env.cr.execute(
        "SELECT 1 FROM res_partner WHERE id = %s FOR NO KEY UPDATE", (partner.id,)
    )
    partner.env.cr.execute(
        "SELECT 1 FROM ac_binding WHERE id = ANY(%s) FOR UPDATE", (link.ids,)
    )
    partner.invalidate_recordset()
    link.invalidate_recordset()
    if link.claim:
        raise Waits(link.env._("The contact is being sent at the moment."))


class Pull:
    """One contact on its way in: `verdicts` ``{unit: who has changed it}``."""

    def __init__(self, config, partner, link, contact):
        self.env, self.config = partner.env, config
        self.partner, self.link, self.rules = partner, link, rules_of(config)
        self.theirs = agreement.units(contact)
        self.changed_at = _moment(contact.get("udate"))
        self.ours = self.say()
        self.common = dict((link.sent or {}).get("common", {}))
        self.conflicts = self.env["ac.conflict"]._open_here(config, partner)
        self.verdicts, self.clash = {}, partner.browse()
        self._decide()

    def say(self):
        """Return ``{unit: text}``: what Odoo would tell now."""
        return said(self.partner, self.rules.mappings.values())

    def has_work(self):
        """Whether something is to be written; of our own echo nothing is."""
        return bool(
            self.conflicts
            or self._is_untold()
            or {THEIRS, BOTH}.intersection(self.verdicts.values())
            or any(not self._knows(unit) for unit in self._equal())
        )

    def _is_untold(self):
        """Whether something of Odoo's was passed over: changed while nobody listened."""
        return OURS in self.verdicts.values() and self.link.state == "synced"

    def _knows(self, unit):
        state = self.common.get(unit)
        return agreement.is_told(state, self.ours[unit]) and agreement.is_heard(
            state, self.theirs[unit]
        )

    def _decide(self):
        """Find out who has changed what."""
        for unit, owner in self.rules.owners.items():
            theirs = self.theirs.get(unit)
            if owner != "to_ac" and theirs:
                self.verdicts[unit] = self._verdict(unit, owner, theirs)
        if self.verdicts.get("email") == THEIRS:
            self.clash = _who_has(self.config, self.partner, self.theirs["email"])

    def _verdict(self, unit, owner, theirs):
        state, ours = self.common.get(unit), self.ours.get(unit)
        if owner == "from_ac":
            settled = agreement.is_heard(state, theirs)
            same = settled and agreement.is_told(state, ours or "")
            return NOBODY if same or ours == theirs else THEIRS
        if ours is None:  # what cannot be told cannot be compared
            return NOBODY
        verdict = agreement.changed(state, ours, theirs)
        if verdict == BOTH and self.config.conflict_policy == "latest":
            return THEIRS if self._theirs_is_later() else OURS
        return verdict

    def _theirs_is_later(self):
        return bool(self.changed_at and self.changed_at > self.partner.write_date)

    def take(self):
        """Write what only AC has changed; return why something did not fit."""
        wanted = [unit for unit, who in self.verdicts.items() if who == THEIRS]
        if self.clash:
            wanted.remove("email")
        values, problems = self._values(wanted)
        problems |= pull_write.write(self.partner, values)
        self._remember([*wanted, *self._equal()])
        if self._is_untold():
            self.partner._ac_mark(["contact"])
        label = self.rules.labels
        return [f"{label[unit]}: {why}" for unit, why in problems.items()]

    def _values(self, wanted):
        """Return ``({unit: {field: value}}, {unit: problem})``."""
        values, problems, merged = {}, {}, {}
        for unit in sorted(wanted, key=self._turn):
            try:
                values[unit] = self._back(unit, merged)
                merged |= values[unit]
            except REFUSALS as error:
                problems[unit] = in_words(self.env, error)
        return values, problems

    def _turn(self, unit):
        """A state is looked for in its country, so the country goes first."""
        mapping = self.rules.mappings.get(unit)
        return bool(mapping and "state" in mapping.path)

    def _back(self, unit, merged):
        return as_values(self.rules, self.partner, unit, self.theirs[unit], merged)

    def _equal(self):
        return [
            unit
            for unit, theirs in self.theirs.items()
            if theirs and self.ours.get(unit) == theirs
        ]

    def _remember(self, units):
        """Note the common state of units that are settled now."""
        ours = self.say()
        news = {
            unit: agreement.agreed(ours.get(unit, ""), self.theirs[unit])
            for unit in units
        }
        remember(self.link, self.common | news, self.theirs, news)

    def note_conflicts(self):
        """Keep what both have changed for a person; return what to read about it."""
        both = {u for u, who in self.verdicts.items() if who == BOTH}
        if self.clash:
            both.add("email")
        known = {conflict.unit: conflict for conflict in self.conflicts}
        for unit in both:
            self._note(unit, known.get(unit))
        if settled := self.conflicts.filtered(lambda c: c.unit not in both):
            settled._settle("settled")
            self.link.fingerprint = False  # it counts as told what was withheld
            self.partner._ac_mark(["contact"])
        return [
            self.env._("%s: changed on both sides, see Conflicts", self.rules.labels[u])
            for u in both
        ]

    def _note(self, unit, known):
        values = {
            "kind": "taken" if unit == "email" and self.clash else "both",
            "odoo_value": self.ours.get(unit, ""),
            "ac_value": self.theirs[unit],
            "odoo_changed_at": self.partner.write_date,
            "ac_changed_at": self.changed_at,
            "other_partner_id": unit == "email" and self.clash[:1].id,
        }
        if known:
            known.write(values)
            return
        self.env["ac.conflict"]._open(
            {
                "config_id": self.config.id,
                "partner_id": self.partner.id,
                "unit": unit,
                "label": self.rules.labels[unit],
                **values,
            }
        )


def _who_has(config, partner, email):
    """Return the other partners of the account's company with an e-mail."""
    others = (partner._ac_with_email([email]) - partner).filtered("active")
    company = config.company_id
    return others.filtered(
        lambda p: not company or not p.company_id or p.company_id == company
    ).with_env(partner.env)


def _moment(raw):
    """Return AC's moment as Odoo stores it (naive UTC), None without one."""
    moment = webhook_timestamp(raw if isinstance(raw, str) else "")
    return moment and datetime.replace(moment, tzinfo=None, microsecond=0)


def remember(link, common, theirs, units):
    """Note on a link what both sides hold now, and what of it AC has filled.

    :param units: those that are settled
    """
    sent = dict(link.sent or {})
    filled = {key for unit in units if theirs[unit] for key in agreement.keys_of(unit)}
    known = set(sent.get("filled", ()))
    if common == sent.get("common") and filled <= known:
        return
    sent |= {"common": common, "filled": sorted(filled | known)}
    if "email" in units:
        sent["identity"] = theirs["email"]
    link.sent = sent
