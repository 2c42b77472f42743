"""Moments of the account: written in its own offset, read in any."""

from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache

from .errors import Refused


@cache
def zone(utc_offset):
    """A fixed offset such as `-05:00` as a time zone."""
    hours, minutes = utc_offset[1:].split(":")
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-shift if utc_offset[0] == "-" else shift)


@lru_cache(maxsize=1000)
def written(second, utc_offset):
    """A moment in ISO form; kept, because an import needs the same one very often."""
    return datetime.fromtimestamp(second, zone(utc_offset)).isoformat()


def seconds(account, value):
    """Seconds since 1970 of an ISO moment; without an offset it is the account's own."""
    try:
        moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        raise Refused(400, {"message": f"{value!r} is no date"}) from None
    own = zone(account.options.utc_offset)
    return moment.replace(tzinfo=moment.tzinfo or own).timestamp()
