# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tells one event of ActiveCampaign from another, read from its payload.

The same event may come twice: delivered again (AC promises "at least once"), or heard
by a webhook and found again by polling.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from .webhook import webhook_timestamp

EVENT_TYPES = frozenset(
    """
    bounce click contact_tag_added contact_tag_removed deal_add deal_note_add
    deal_pipeline_add deal_stage_add deal_task_add deal_task_complete deal_tasktype_add
    deal_update forward list_add open reply sent share sms_reply sms_sent sms_unsub
    subscribe subscriber_note unsubscribe update contact_task_add account_add
    account_update account_contact_add account_contact_update contact_task_complete
    """.split()
)
"""GET /webhook/events, and what the text of ``listid`` and captures name beyond it, with
the end of a contact's task, which none of them names."""
AUTOMATION = "automation"
"""An automation's "webhook" action sends no type (captured deliveries)."""
OF_A_MAIL = frozenset(
    {"open", "click", "reply", "forward", "share", "bounce", "unsubscribe"}
)
"""Types that the campaign, the contact and the moment tell apart."""
VOLATILE = frozenset({"User-Agent", "user_agent", "ip", "ip4"})
"""Keys that say from where, not what."""
LONGEST_TYPE, LONGEST_ID = 64, 32


@dataclass(frozen=True)
class WebhookEvent:
    """A payload of `parse_webhook` with the names that the inbox files it under."""

    payload: dict

    @cached_property
    def type(self) -> str:
        """Return the type, "automation" when the payload has none."""
        return _text(self.payload.get("type"))[:LONGEST_TYPE] or AUTOMATION

    @cached_property
    def contact_id(self) -> str:
        """Return the contact's id, "" when the event is about none."""
        return self._at("contact", "id")[:LONGEST_ID]

    @cached_property
    def occurred_at(self) -> datetime | None:
        """Return when it happened in UTC, without a time zone, as databases keep it."""
        moment = webhook_timestamp(_text(self.payload.get("date_time")))
        return moment and moment.replace(tzinfo=None, microsecond=0)

    @cached_property
    def subject(self) -> str:
        """Return what of the contact a later event would make this one outdated in."""
        if self.type == "update" and self.contact_id:
            return f"contact {self.contact_id}"
        if self.type in ("subscribe", "unsubscribe") and self.contact_id:
            return f"list {self._list()[:LONGEST_ID]} of {self.contact_id}"
        if self.type == "account_update" and self._at("account", "id"):
            return f"account {self._at('account', 'id')[:LONGEST_ID]}"
        return ""

    def key(self, arrived: datetime) -> str:
        """Return a text that two messages about one event have in common.

        Opens, clicks and the like are recognised by what happened to which mail when,
        whichever way they came; anything else by its content. What carries no time is
        another event when it comes again ten minutes later.

        :param arrived: when this message came
        """
        when = self.occurred_at or arrived.replace(
            minute=arrived.minute // 10 * 10, second=0, microsecond=0
        )
        said = self._engagement() or {**self.payload, "date_time": ""}
        content = json.dumps([when.isoformat(), _stable(said)], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def _engagement(self) -> list | None:
        """Return what an event about a mail is, None when it is not about one."""
        campaign = self.type in OF_A_MAIL and self._at("campaign", "id")
        if campaign in (False, "", "0") or not (self.contact_id and self.occurred_at):
            return None
        link = self._at("link", "url") or self._at("link", "id")
        return [self.type, self.contact_id, campaign, link, self._list()]

    def _list(self) -> str:
        """Return the list: ``list=1``, or ``list[][id]=1`` when the contact did it."""
        said = self.payload.get("list")
        entries = list(said.values()) if isinstance(said, dict) else [said]
        ids = [_text(e.get("id") if isinstance(e, dict) else e) for e in entries]
        return ",".join(sorted(id_ for id_ in ids if id_ not in ("", "0")))

    def _at(self, *path: str) -> str:
        node: object = self.payload
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        return _text(node)


def _text(value: object) -> str:
    """Anybody may send anything: only text counts."""
    return value if isinstance(value, str) else ""


def _stable(node: object) -> object:
    if not isinstance(node, dict):
        return node
    return {k: _stable(value) for k, value in node.items() if k not in VOLATILE}
