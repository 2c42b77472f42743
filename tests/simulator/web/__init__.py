"""The web page of the account: look at it, and do what people do."""

from .site import routes

__all__ = ["routes"]
