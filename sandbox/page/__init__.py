"""The sandbox's web page: be any person of the workspace, and see what the app does."""

from importlib import resources
from pathlib import Path

import jinja2
from aiohttp import web

from sandbox.page.keys import STREAMS, TEMPLATES
from sandbox.page.live import end_streams
from sandbox.page.routes import routes


def setup(app: web.Application) -> None:
    """Mount the page; `app` has its `WORKSPACE` and `ACTING` set."""
    app[TEMPLATES] = jinja2.Environment(
        loader=jinja2.PackageLoader("sandbox.page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    app[STREAMS] = set()
    app.on_shutdown.append(end_streams)
    app.add_routes(routes)
    app.router.add_static("/static", Path(str(resources.files(__package__).joinpath("static"))))
