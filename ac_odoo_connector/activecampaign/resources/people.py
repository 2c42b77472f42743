# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The users of the account, and the account itself."""

from collections.abc import Iterator
from typing import Any

from ..errors import AuthenticationError, NotFound, WrongHost
from ..paging import walk
from ..result import Result
from .base import Reads, Resource


class Users(Reads):
    path, envelope, collection = "/users", "user", "users"

    def me(self) -> Result:
        """Return the user of the API key: the best test of a connection.

        :raises AuthenticationError: the key is wrong or switched off
        :raises WrongHost: something answered that is no ActiveCampaign account
        """
        wrong = WrongHost("No ActiveCampaign API at this address", path="/api/3")
        try:
            result = self.client.request("GET", "/users/me", envelope="user")
        except NotFound:
            raise wrong from None
        if not result.record:
            raise wrong
        return result


class Groups(Reads):
    """Groups of users: what they may do, and which pipelines they see (OAS create-a-pipeline:
    `allgroups`, `groups`). Neither contacts nor deals are in a group of users."""

    path, envelope, collection = "/groups", "group", "groups"

    def list(self, **filters: Any) -> Iterator[dict]:
        """Yield the groups, each with the ids of its users as `users`.

        Who is in a group is behind the link `userGroups` that each group carries; the
        reference shows its rows (OAS update-a-user) and not the call. Where it is not
        answered, the key is missing.
        """
        for group in super().list(**filters):
            yield {**group, **self._members(group["id"])}

    def _members(self, group_id: str | int) -> dict:
        path = self.item(group_id, "userGroups")
        try:
            rows = list(walk(self.client, path, "userGroups", {}))
        except (AuthenticationError, NotFound):
            return {}
        users = {str(row.get("user") or row.get("userid")) for row in rows}
        return {"users": sorted(users)}


class Account(Resource):
    def settings(self) -> Result:
        """Return the account's settings in `data`; the key's user must be an admin."""
        return self.client.request("GET", "/settings/account")
