# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who watches a client: may hold its calls back, and hears how each one went."""

from typing import Protocol

from .errors import ActiveCampaignError
from .transport import Call


class Observer(Protocol):
    """What the client asks before each attempt of a call and tells afterwards.

    Calls to other hosts (`client.form`) are not the account's and are not observed.
    """

    def permit(self, call: Call) -> None:
        """Return if the call may leave now; raise Paused and it is not sent."""

    def answered(
        self, call: Call, seconds: float, error: ActiveCampaignError | None
    ) -> None:
        """One attempt is over; `error` is None when it was a success.

        :param seconds: from sending to the answer, or to its absence
        """

    def gave_up(self, call: Call, error: ActiveCampaignError) -> None:
        """The call has failed with all its attempts, or was not sent at all."""

    def closed(self) -> None:
        """The client is closed: no more calls."""


class Unobserved:
    """The observer of a client that nobody watches."""

    def permit(self, call: Call) -> None:
        """Every call may leave."""

    def answered(
        self, call: Call, seconds: float, error: ActiveCampaignError | None
    ) -> None:
        """Nobody listens."""

    def gave_up(self, call: Call, error: ActiveCampaignError) -> None:
        """Nobody listens."""

    def closed(self) -> None:
        """Nobody listens."""
