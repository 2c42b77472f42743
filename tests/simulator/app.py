"""The ASGI application: API, controls, web page."""

from starlette.applications import Starlette
from starlette.routing import Route

from . import control, keeping, web
from .endpoint import API, endpoint
from .resources import tracking
from .routes import ROUTES
from .simulation import Simulation

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def unknown(call):
    """Any path that the API does not have."""
    return 404, {"message": "No Result found"}


def routes(sim):
    """Every route of the simulator; the last one answers unknown API paths."""
    api = [
        Route(API + path, endpoint(sim, handler), methods=[method])
        for method, path, handler in ROUTES
    ]
    rest = Route(API + "/{rest:path}", endpoint(sim, unknown), methods=METHODS)
    event = Route(
        "/event", endpoint(sim, tracking.track, outside=True), methods=["POST"]
    )
    return [*api, rest, event, *control.routes(sim), *web.routes(sim)]


class App:
    """The application, with the connection's transport put where faults can close it.

    `keep` is a file (`pathlib.Path`) whose account it goes on with; see `keeping`.
    """

    def __init__(self, api_key, seed=1, keep=None):
        self.simulation = Simulation(api_key, seed)
        span = keep and keeping.lifespan(self.simulation, keep)
        self.starlette = Starlette(routes=routes(self.simulation), lifespan=span)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            # uvicorn hands out `send` as a method of the object that has the transport.
            scope["transport"] = send.__self__.transport
        await self.starlette(scope, receive, send)
