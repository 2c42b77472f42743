# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a person finds an object in ActiveCampaign's own screens."""

import re
from urllib.parse import quote, urlsplit

API_HOST = re.compile(r"([a-z0-9-]+)\.api-[a-z0-9-]+\.com", re.IGNORECASE)


def page_url(base_url: str, path: str, remote_id: str) -> str:
    """Return the address of an object's page, "" where a browser must not be sent.

    The screens of ``acme.api-us1.com`` are at ``acme.activehosted.com``; a host of
    another shape (a domain of one's own) serves both.

    :param base_url: the account's API URL
    :param path: the object's plural as in the API: "contacts", "accounts"
    """
    parts = urlsplit(base_url.strip())
    if parts.scheme not in ("http", "https"):
        return ""
    host = parts.netloc
    if match := API_HOST.fullmatch(parts.hostname or ""):
        host = f"{match[1]}.activehosted.com"
    return f"{parts.scheme}://{host}/app/{path}/{quote(str(remote_id), safe='')}"
