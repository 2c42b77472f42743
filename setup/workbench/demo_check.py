"""Compares what Odoo and the simulated account hold, contact by contact."""

from collections import Counter
from typing import Any

from .server import OdooServer

LINK = ["res_id", "remote_id", "state", "skip_reason"]
PARTNER = ["name", "email", "phone", "is_company", "category_id"]
PAGE = 500


class BothSides:
    """A snapshot of Odoo's links and partners beside the account's contacts."""

    def __init__(self, server: OdooServer, state: dict[str, Any]):
        self.contacts: dict[str, dict] = state["contacts"]
        links = _read(server, "ac.binding", LINK)
        tags = _read(server, "res.partner.category", ["name"])
        self.links = links
        self.partners = _read(server, "res.partner", PARTNER)
        self.tags = {tag_id: tag["name"] for tag_id, tag in tags.items()}
        self.states = Counter(link["state"] for link in links.values())
        labels = server.call("ac.binding", "fields_get", ["skip_reason"], ["selection"])
        reasons = dict(labels["skip_reason"]["selection"])
        skipped = [link for link in links.values() if link["state"] == "skipped"]
        self.skipped = Counter(reasons[link["skip_reason"]] for link in skipped)

    def differences(self) -> list[str]:
        """What is not the same on the two sides, one line each; empty when they agree."""
        found = [f"Odoo: {n} links are {state}" for state, n in self._unfinished()]
        synced = [link for link in self.links.values() if link["state"] == "synced"]
        known = {link["remote_id"] for link in synced}
        found += [
            f"contact {id_}: unknown to Odoo" for id_ in self.contacts.keys() - known
        ]
        if len(known) != len(synced):
            found.append("Odoo: two partners are linked with one contact")
        for link in synced:
            found += self._compare(self.partners[link["res_id"]], link["remote_id"])
        return found

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
            "tags": contact["tags"],
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
