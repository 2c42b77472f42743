# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One record on its way: what shall be over there, and what was told before."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from ..mapping import agreement
from ..mapping.registry import OBJECTS, fingerprint

EXTRAS = ("tags", "lists", "automations", "account", "note", "secondary")
"""Parts of a payload that have requests of their own; the rest is the core. `place` is
what ActiveCampaign has told us of a deal."""


@dataclass(frozen=True)
class Plan:
    """One record that is to be sent: everything the sender needs, no cursor.

    `refused`: it failed before, and only a call of its own says why.
    `told`: what `told_after` returned when the record was sent last, empty for a record
    that is new over there.
    `account_name`: what AC knows the contact's company by.
    `cautious`: the fields that must not replace what is there as long as nobody has
    looked, ``{AC field id: "empty" or "never"}``; `dropped`: those that are left alone.
    `withheld`: units (`mapping.agreement`) that are not told: ActiveCampaign owns them,
    or somebody has to choose first; `shared`: those that both sides own; `changed_at`:
    when the record was saved last.
    `exclude_automations`: an import starts none; `quiet`: of a run that starts none,
    which only an import can promise.
    `existing`: only if AC has it already.
    `intended`: a call that may have made it was announced before (see `intent`), by the
    name `announced`.
    `historical`: what is made over there must start no automation.
    `delete`: the record was deleted and its object shall be deleted, too.
    `leaving`: the reason why it is not sent any more while a no has still to be told.
    """

    binding: int
    object: str
    remote_id: str | None
    payload: dict
    refused: bool = False
    told: dict = field(default_factory=dict)
    account_name: str = ""
    cautious: dict = field(default_factory=dict)
    dropped: frozenset = frozenset()
    withheld: frozenset = frozenset()
    shared: frozenset = frozenset()
    changed_at: datetime | None = None
    exclude_automations: bool = True
    quiet: bool = False
    existing: bool = False
    intended: bool = False
    announced: str = ""
    historical: bool = True
    delete: bool = False
    leaving: str | None = None

    @property
    def identity(self):
        return OBJECTS[self.object].identity(self.payload)

    @cached_property
    def fingerprint(self):
        return fingerprint(self.payload)

    @property
    def renamed(self):
        """ActiveCampaign knows the linked object by another identity."""
        if self.delete or self.leaving or not self.remote_id:
            return False
        return self.told.get("identity") != self.known_identity

    @property
    def core(self):
        return {key: v for key, v in self.payload.items() if key not in EXTRAS}

    @cached_property
    def sendable(self):
        """The core without what is left alone.

        Of a contact only what AC has not been told: what somebody changes over there
        at the same moment must not be replaced by a value that is merely repeated.
        """
        fields = self.payload.get("fields", {})
        if self.object != "contact":
            kept = {key: v for key, v in fields.items() if key not in self.dropped}
            return {**self.core, "fields": kept}
        news = {key for unit in self.news for key in agreement.keys_of(unit)}
        core = {key: v for key, v in self.core.items() if key in news}
        return {**core, "fields": {key: v for key, v in fields.items() if key in news}}

    @property
    def core_changed(self):
        if self.object == "contact":
            return bool(self.news)
        return self._core_differs

    @property
    def _core_differs(self):
        return self.unsure or self.told.get("core") != fingerprint(self.core)

    @cached_property
    def news(self):
        """The units of a contact that AC is to be told: ``{unit: text}``."""
        values = agreement.units(self.core)
        values = {unit: v for unit, v in values.items() if self._may_tell(unit)}
        if self.unsure:
            return values
        if "common" not in self.told:  # linked by an earlier version
            return values if self._core_differs else {}
        common, blanked = self.told["common"], self.blanked
        return {
            unit: v
            for unit, v in values.items()
            if (v or blanked.intersection(agreement.keys_of(unit)))
            and not agreement.is_told(common.get(unit), v)
        }

    def _may_tell(self, unit):
        if unit == "email" and not self.remote_id:
            return True  # there is no contact without one
        return unit not in self.dropped and unit not in self.withheld

    @property
    def unsure(self):
        """Nobody knows whether the last import has arrived: tell everything again."""
        return not self.remote_id or self.told.get("unsure", False)

    @property
    def new_tags(self):
        known = () if self.unsure else self.told.get("tags", ())
        return _without(self.payload.get("tags", ()), known)

    @property
    def gone_tags(self):
        return _without(self.told.get("tags", ()), self.payload.get("tags", ()))

    @cached_property
    def blanked(self):
        """Names of values that we had filled and that are empty now."""
        return set(self.told.get("filled", ())) - set(filled(self.payload))

    @property
    def new_lists(self):
        known = {} if self.unsure else self.told.get("lists", {})
        wanted = self.payload.get("lists") or {}
        return {key: v for key, v in wanted.items() if known.get(key) != v}

    @property
    def new_automations(self):
        """Entries later than those told; leaving one of two rules brings none."""
        told = self.told.get("automations", {})
        wanted = self.payload.get("automations") or {}
        return {
            id_: entry for id_, entry in wanted.items() if entry > told.get(id_, "")
        }

    @property
    def new_account(self):
        """The company to link the contact with, if ActiveCampaign does not know it."""
        account = self.payload.get("account") or {}
        known = {} if self.unsure else self.told.get("account") or {}
        return account if account and _link(account) != known else {}

    @property
    def gone_account(self):
        """The AC id of the company that the contact was linked with and has left."""
        told = self.told.get("account")
        return told["id"] if told and self.payload.get("account") == {} else None

    @property
    def is_told(self):
        """Whether nothing is left to say."""
        return not (
            self.core_changed
            or self.new_tags
            or self.gone_tags
            or self.new_lists
            or self.new_automations
            or self.new_account
            or self.gone_account
        )

    @property
    def sought(self):
        """The e-mail that a contact was to be made by, before it got another one."""
        if self.object != "contact" or self.remote_id:
            return ""
        return self.announced if self.announced != self.identity else ""

    def anew(self):
        """Return the plan for an object that is not there any more."""
        return replace(self, remote_id=None, told={})

    def told_after(self, *parts):
        """Return what to remember once the core and `parts` are sent: no values.

        `common` holds only what has just been told: `outbox.settle` adds it to what
        the inbox may have noted meanwhile.
        """
        told = {
            "identity": self.identity,
            "filled": filled(self.payload),
            "core": fingerprint(self.core),
        }
        if self.object == "contact":
            told["common"] = self._agreed()
            told["identity"] = self.known_identity
        if "value" in self.payload:
            told["amount"] = [self.payload["value"], self.payload["currency"]]
        if looked_at := self.dropped | self.cautious.keys():
            told["looked_at"] = sorted(looked_at)
        for part in EXTRAS:
            value = self.payload.get(part) if part in parts else None
            if value is None:
                value = self.told.get(part)
            if part == "lists":
                value = {**self.told.get(part, {}), **(value or {})}
            if part == "automations" and part in parts:
                value = {**self.told.get(part, {}), **self.new_automations}
            if part == "account" and value:
                value = _link(value)
            if value:
                told[part] = value
        return told

    def _agreed(self):
        """Return the common state of what is told now: an empty value is left out of a
        request unless it blanks one."""
        blanked = self.blanked
        return {
            unit: agreement.mark(v)
            for unit, v in self.news.items()
            if v or blanked.intersection(agreement.keys_of(unit))
        }

    @cached_property
    def known_identity(self):
        """What AC knows the record by once it is told; an e-mail that is not told stays
        as it is over there."""
        if self._may_tell("email"):
            return self.identity
        return self.told.get("identity") or self.identity

    def after(self, told):
        """Return the plan as it will be when `told` (see `told_after`) is settled."""
        common = {**self.told.get("common", {}), **told.get("common", {})}
        return replace(
            self,
            told={**told, "common": common},
            remote_id=self.remote_id or "new",
        )

    def import_told(self):
        """Return what to remember when an import has been handed over; `before` is the
        common state again if the import does not arrive."""
        parts = ["tags", "lists"]
        if names_account(self):
            parts.append("account")
        told, known = self.told_after(*parts), self.told.get("common", {})
        before = {unit: known.get(unit, "") for unit in told["common"]}
        return {**told, "before": before} if self.remote_id else told


def names_account(plan):
    """Whether an import may link the contact: it sets no job title, and it leaves a
    contact alone that has an account already."""
    new = plan.new_account
    name = plan.account_name
    return bool(new and name) and not (plan.remote_id or new.get("title"))


def _link(account):
    """Return what identifies a link; the job title as a fingerprint."""
    title = account.get("title") or ""
    return {"id": account["id"], "title": title and fingerprint(title)[:16]}


def _without(names, known):
    known = {name.lower() for name in known}
    return {name for name in names if name.lower() not in known}


def filled(payload):
    """Return the names of the payload's values that are not empty."""
    core = {key: v for key, v in payload.items() if key not in EXTRAS}
    values = {**core, **core.get("fields", {})}
    return sorted(key for key, value in values.items() if value and key != "fields")


def as_json(told):
    """Return `told` as text for `Outcome.sent`."""
    return json.dumps(told, ensure_ascii=False)
