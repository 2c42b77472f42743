# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Event tracking and site tracking."""

import json
from collections.abc import Iterator

from ..errors import Rejected, text_of
from ..paging import walk
from ..result import Result
from .base import Creates, Deletes, Lists, Resource

EVENT_NAME_LIMIT = 32


class Switch(Resource):
    """A feature of the account that is on or off."""

    def status(self) -> bool:
        """Return whether the feature is on."""
        result = self.client.request(
            "GET", self.switch, envelope=self.switch.strip("/")
        )
        return str(result.record.get("enabled")).lower() in ("1", "true")

    def enable(self, enabled: bool = True) -> Result:
        """Switch the feature on or off."""
        name = self.switch.strip("/")
        body = {name: {"enabled": enabled}}
        return self.client.request("PUT", self.switch, body, envelope=name)


class EventTracking(Switch, Creates, Lists, Deletes):
    """The names of events: `create({"name"})`, `list()`, `delete(name)`."""

    switch = "/eventTracking"
    path = "/eventTrackingEvents"
    envelope, collection = "eventTrackingEvent", "eventTrackingEvents"

    def track(
        self, account_id: str, key: str, event: str, email: str, data: str = ""
    ) -> Result:
        """Record that a person did something, in the tracking service.

        The service is another host (trackcmp.net) with its own key; the API key is
        not sent there.

        :param account_id: "actid" and `key` from Settings > Tracking > Event Tracking
        :param event: name of the event, at most 32 characters
        :param data: value of the event
        :raises Rejected: the service did not take it
        :raises UncertainOutcome: sent, but nobody knows whether it was recorded
        """
        if len(event) > EVENT_NAME_LIMIT:
            raise ValueError(f"An event name has at most {EVENT_NAME_LIMIT} characters")
        values = {
            "actid": account_id,
            "key": key,
            "event": event,
            "eventdata": data,
            "visit": json.dumps({"email": email}),
        }
        result = self.client.form(f"{self.client.tracking_root}/event", values)
        if str(result.data.get("success", 1)) in ("0", "False"):
            text = text_of(result.data)
            raise Rejected(text, status=result.status, method="POST", path="/event")
        return result


class SiteTracking(Switch):
    switch = "/siteTracking"
    path = "/prism/urlWhitelistings"

    def domains(self) -> Iterator[dict]:
        """Yield the websites that may be tracked."""
        return walk(self.client, self.path, "data", {})

    def add_domain(self, name: str) -> Result:
        """Permit a website; raises Duplicate (409) when it is there."""
        body = {"siteTrackingDomain": {"name": name}}
        return self.client.request("POST", self.path, body, envelope="data")

    def remove_domain(self, domain_id: str | int) -> Result:
        """Forbid a website."""
        return self.client.request("DELETE", self.item(domain_id))
