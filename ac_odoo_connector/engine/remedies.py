# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What to do about what went wrong: one table, the first row that fits counts."""

from typing import NamedTuple

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..activecampaign import (
    ActiveCampaignError,
    AuthenticationError,
    Duplicate,
    FatalError,
    NotFound,
    RateLimited,
    Rejected,
    RetriableError,
    ServerError,
    UncertainOutcome,
    Unreachable,
    WrongHost,
)
from ..mapping.value import MappingError, NoOption
from .gateway import NotConfirmed
from .vault import VaultError

_lt = LazyTranslate(__name__)


class Row(NamedTuple):
    """A condition, what has happened (None: the error's own words) and what to do.

    The condition: the kind of error; with it the HTTP status, ActiveCampaign's code, or
    a word of its explanation, each if given. `error` is a text for what is no
    exception: the beginning of the entry's code.
    """

    error: object
    happened: object
    advice: object
    status: int | None = None
    code: str | None = None
    word: str | None = None

    def fits(self, error, code):
        """Whether an exception, or a code where there is none, meets the condition."""
        if error is None or isinstance(self.error, str):
            return isinstance(self.error, str) and (code or "").startswith(self.error)
        return (
            isinstance(error, self.error)
            and self.status in (None, getattr(error, "status", None))
            and self.code in (None, getattr(error, "code", None))
            and (self.word or "") in getattr(error, "text", "").lower()
        )


REMEDIES = (
    Row(
        "wrong_token",
        None,
        _lt(
            "If the token was changed by hand, press Repair Webhook; if ActiveCampaign "
            "calls from other networks now, allow them. If neither, somebody is "
            "guessing: under Pull, allow only the right networks."
        ),
    ),
    Row(
        "stage_mapping",
        None,
        _lt(
            "Choose another stage in Configuration, Stage Mapping. Orders of this line "
            "are skipped until then."
        ),
    ),
    Row(
        "repeated_page",
        None,
        _lt(
            "Press Retry to begin again; what was found before has been taken in. If it "
            "stops again, wait until nobody changes many contacts over there."
        ),
    ),
    Row(
        AuthenticationError,
        _lt("The ActiveCampaign account is not paid for, or its plan lacks this"),
        _lt("Check plan and payment in ActiveCampaign, Settings, Billing; then Retry."),
        status=402,
    ),
    Row(
        AuthenticationError,
        _lt("ActiveCampaign does not accept the API key, or its user may not do this"),
        _lt(
            "Copy the key of an administrator from ActiveCampaign, Settings, Developer, "
            "enter it on the account and press Test Connection; then Retry."
        ),
    ),
    Row(
        WrongHost,
        _lt("The API URL is not that of an ActiveCampaign account"),
        _lt("Copy the API URL from ActiveCampaign, Settings, Developer; then Retry."),
    ),
    Row(
        NotConfirmed,
        None,
        _lt(
            "If this is the production database, open the account and connect it. If it "
            "is a copy, leave it as it is: nothing must be sent from here."
        ),
    ),
    Row(
        FatalError,
        None,
        _lt("Open the account, correct its settings and test the connection."),
    ),
    Row(
        VaultError,
        None,
        _lt(
            "Put the file with the encryption key back from the backup, or enter the "
            "API key and the webhook token anew; then Retry."
        ),
    ),
    Row(
        RateLimited,
        _lt("More was asked than ActiveCampaign allows"),
        _lt(
            "Nothing: it is tried again by itself. If it happens often, look for other "
            "software that uses the same account."
        ),
    ),
    Row(
        Unreachable,
        _lt("ActiveCampaign could not be reached"),
        _lt(
            "Nothing at first: it is tried again by itself. If it lasts, check the "
            "network, the firewall and the API URL."
        ),
    ),
    Row(
        UncertainOutcome,
        _lt("ActiveCampaign did not say whether it has made the record"),
        _lt("Nothing: before the next try Odoo looks whether it is there."),
    ),
    Row(
        ServerError,
        _lt("ActiveCampaign has a problem at the moment"),
        _lt(
            "Nothing at first: it is tried again by itself. If all fails, look at "
            "status.activecampaign.com; if only this record does, simplify its values."
        ),
    ),
    Row(RetriableError, None, _lt("Nothing: it is tried again by itself.")),
    Row(
        Duplicate,
        _lt("Another object in ActiveCampaign has this e-mail or name"),
        _lt(
            "Merge the two in ActiveCampaign, or correct the e-mail or name here; then "
            "Retry."
        ),
    ),
    Row(
        NotFound,
        _lt("It, or something that belongs to it, is not in ActiveCampaign any more"),
        _lt(
            "Press Refresh Metadata on the account, then Retry. If a field, list or "
            "stage was deleted over there, take it out of the mapping."
        ),
    ),
    Row(
        Rejected,
        _lt("ActiveCampaign does not find something that the record refers to"),
        _lt("Press Refresh Metadata on the account, correct the mapping; then Retry."),
        code="related_missing",
    ),
    Row(
        Rejected,
        _lt("ActiveCampaign misses a value"),
        _lt("Fill in the value that it names; the record is sent when you save it."),
        code="field_missing",
    ),
    Row(
        Rejected,
        _lt("The record is too large for ActiveCampaign"),
        _lt("Shorten its long texts; it is sent when you save it."),
        status=413,
    ),
    Row(
        Rejected,
        _lt("ActiveCampaign does not accept the e-mail"),
        _lt(
            "Correct the e-mail; the record is sent when you save it. If it is right, "
            "look for it on ActiveCampaign's exclusion list."
        ),
        word="email",
    ),
    Row(
        Rejected,
        _lt("ActiveCampaign does not accept the values of this record"),
        _lt(
            "Correct the value that it names, here or in Configuration, Field Mapping; "
            "the record is sent when you save it."
        ),
    ),
    Row(
        ActiveCampaignError,
        _lt("ActiveCampaign has refused it"),
        _lt("Look at its explanation, correct the record, then Retry."),
    ),
    Row(
        NoOption,
        None,
        _lt(
            "Add the option in ActiveCampaign and refresh the metadata, or let the "
            "account make missing options; then Retry."
        ),
    ),
    Row(
        MappingError,
        None,
        _lt("Correct the record, or its field in Configuration, Field Mapping."),
    ),
    Row(
        psycopg2.Error,
        _lt("The database refused the change"),
        _lt("Correct what it names, in Odoo or in ActiveCampaign; then Retry."),
    ),
    Row(UserError, None, _lt("Do in Odoo what the message says, then Retry.")),
    Row(
        Exception,
        None,
        _lt(
            "This is a fault of the software. Give the technical details below to "
            "whoever looks after your Odoo; afterwards Retry."
        ),
    ),
    Row(
        "",
        None,
        _lt(
            "It is tried again by itself, alone, so that the reason is told. Or Retry."
        ),
    ),
)


def remedy_for(error=None, code=None):
    """Return the `Row` for an exception, or for a code where there is none."""
    return next(row for row in REMEDIES if row.fits(error, code))
