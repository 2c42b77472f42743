# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One record on its way: what shall be over there, and what was told before."""

import json
from dataclasses import dataclass, field, replace

from ..mapping.registry import OBJECTS, fingerprint

EXTRAS = ("tags", "lists", "automations", "account", "note", "secondary", "place")
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

    @property
    def fingerprint(self):
        return fingerprint(self.payload)

    @property
    def renamed(self):
        """ActiveCampaign knows the linked object by another identity."""
        if self.delete or self.leaving or not self.remote_id:
            return False
        return self.told.get("identity") != self.identity

    @property
    def core(self):
        return {key: v for key, v in self.payload.items() if key not in EXTRAS}

    @property
    def sendable(self):
        """The core without the fields that are left alone."""
        fields = self.payload.get("fields", {})
        kept = {key: v for key, v in fields.items() if key not in self.dropped}
        return {**self.core, "fields": kept}

    @property
    def core_changed(self):
        return self.unsure or self.told.get("core") != fingerprint(self.core)

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

    @property
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

    def anew(self):
        """Return the plan for an object that is not there any more."""
        return replace(self, remote_id=None, told={})

    def told_after(self, *parts):
        """Return what to remember once the core and `parts` are sent: no values."""
        told = {
            "identity": self.identity,
            "filled": filled(self.payload),
            "core": fingerprint(self.core),
        }
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

    def import_told(self):
        """Return what to remember when an import has been handed over."""
        parts = ["tags", "lists"]
        if names_account(self):
            parts.append("account")
        return self.told_after(*parts)


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
