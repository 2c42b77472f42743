# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The users of the account, and the account itself."""

from ..errors import NotFound, WrongHost
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


class Account(Resource):
    def settings(self) -> Result:
        """Return the account's settings in `data`; the key's user must be an admin."""
        return self.client.request("GET", "/settings/account")
