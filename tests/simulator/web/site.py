"""The web page of the account: look at it, and do what people do."""

from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route

from ..account import number
from ..actions import ACTIONS
from ..errors import Refused
from .contact import contact_page
from .html import page, tag
from .overview import overview_of

STYLE = Path(__file__).with_name("page.css").read_text()


def routes(sim):
    """Routes of the page."""

    async def overview(request):
        query = request.query_params
        inner = overview_of(sim, query.get("search", ""), number(query.get("from")))
        return answer(sim, "Account", query.get("done"), *inner)

    async def person(request):
        found = sim.account.get("contacts", request.path_params["id"])
        if found is None:
            return RedirectResponse("/", 303)
        inner = contact_page(sim.account, found)
        return answer(sim, found["email"], request.query_params.get("done"), *inner)

    async def act(request):
        name, form = request.path_params["action"], await form_of(request)
        done = f"Done: {name.replace('_', ' ')}"
        try:
            ACTIONS[name](sim.account, values_of(form))
        except (KeyError, Refused) as error:
            done = f"Not done: {error}"
        back = form.get("back", "/")
        return RedirectResponse(f"{back}?{urlencode({'done': done})}", 303)

    return [
        Route("/", overview),
        Route("/contacts/{id}", person),
        Route("/do/{action}", act, methods=["POST"]),
    ]


async def form_of(request):
    """The sent form as a dict."""
    body = (await request.body()).decode()
    return dict(parse_qsl(body, keep_blank_values=True))


def values_of(form):
    """Values of an action: `fields[3]` becomes an entry of `fields`."""
    fields = {k[7:-1]: v for k, v in form.items() if k.startswith("fields[")}
    plain = {k: v for k, v in form.items() if not k.startswith("fields[")}
    return plain | ({"fields": fields} if fields else {})


def answer(sim, title, done, *inner):
    """A page with its head line; `done` tells of what has just been done."""
    zone = f"account time {sim.account.plain()} {sim.options.utc_offset}"
    head = tag(
        "header",
        tag("a", "ActiveCampaign simulator", href="/"),
        tag("span", zone),
        tag("span", f"seed {sim.seed}"),
    )
    note = [tag("div", done, class_="note")] if done else []
    whole = page(
        f"{title} – ActiveCampaign simulator", STYLE, head, tag("main", *note, *inner)
    )
    return HTMLResponse(whole)
