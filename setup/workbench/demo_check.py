"""Compares what Odoo and the simulated account hold, record by record."""

from collections import Counter
from typing import Any

from .server import OdooServer

LINK = ["object", "res_id", "remote_id", "state", "skip_reason"]
PARTNER = ["name", "email", "phone", "is_company", "category_id"]
PARTNER += ["commercial_partner_id"]
STATE_TAGS = {"Odoo-Lead", "Odoo-Customer"}
PAGE = 500


class BothSides:
    """A snapshot of Odoo's links and partners beside the account's contacts."""

    def __init__(self, server: OdooServer, state: dict[str, Any]):
        self.contacts: dict[str, dict] = state["contacts"]
        self.accounts: dict[str, dict] = state.get("accounts", {})
        links = _read(server, "ac.binding", LINK)
        tags = _read(server, "res.partner.category", ["name"])
        self.links = links
        self.partners = _read(server, "res.partner", PARTNER)
        self.tags = {tag_id: tag["name"] for tag_id, tag in tags.items()}
        self.states = Counter(link["state"] for link in links.values())
        self.synced = {
            name: [
                link
                for link in links.values()
                if link["state"] == "synced" and link["object"] == name
            ]
            for name in ("account", "contact")
        }
        labels = server.call("ac.binding", "fields_get", ["skip_reason"], ["selection"])
        reasons = dict(labels["skip_reason"]["selection"])
        skipped = [link for link in links.values() if link["state"] == "skipped"]
        self.skipped = Counter(reasons[link["skip_reason"]] for link in skipped)

    def differences(self) -> list[str]:
        """What is not the same on the two sides, one line each; empty when they agree."""
        found = [f"Odoo: {n} links are {state}" for state, n in self._unfinished()]
        synced = self.synced["contact"]
        known = {link["remote_id"] for link in synced}
        found += [
            f"contact {id_}: unknown to Odoo" for id_ in self.contacts.keys() - known
        ]
        if len(known) != len(synced):
            found.append("Odoo: two partners are linked with one contact")
        for link in synced:
            found += self._compare(self.partners[link["res_id"]], link["remote_id"])
        return found + self._account_differences()

    def _account_differences(self) -> list[str]:
        ours = {
            link["remote_id"]: self.partners[link["res_id"]]["name"].strip()
            for link in self.synced["account"]
        }
        theirs = {id_: account["name"] for id_, account in self.accounts.items()}
        odd = sorted(set(ours.items()) ^ set(theirs.items()))
        return [f"account {name} ({id_}) is on one side only" for id_, name in odd]

    def _unfinished(self) -> list[tuple[str, int]]:
        return [
            (s, n) for s, n in self.states.items() if s not in ("synced", "skipped")
        ]

    def _compare(self, partner: dict, remote_id: str) -> list[str]:
        contact = self.contacts.get(remote_id)
        if not contact:
            return [f"{partner['email']}: not in ActiveCampaign"]
        here = {
            "name": partner["name"],
            "email": partner["email"].strip().lower(),
            "phone": partner["phone"] or "",
            "tags": sorted(self.tags[tag] for tag in partner["category_id"]),
        }
        there = {
            "name": f"{contact['firstName']} {contact['lastName']}".strip(),
            "email": contact["email"],
            "phone": contact["phone"],
            "tags": sorted(set(contact["tags"]) - STATE_TAGS),
        }
        return [
            f"{here['email']}: {key} is {here[key]!r} here and {there[key]!r} there"
            for key in here
            if here[key] != there[key]
        ]


def _read(server: OdooServer, model: str, fields: list[str]) -> dict[int, dict]:
    """All records of `model`, archived ones too, by id."""
    context = {"active_test": False}
    ids = server.call(model, "search", [], context=context)
    pages = [ids[start : start + PAGE] for start in range(0, len(ids), PAGE)]
    rows = [row for page in pages for row in server.call(model, "read", page, fields)]
    return {row["id"]: row for row in rows}
