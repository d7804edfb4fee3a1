"""Typed keys under which the parts of the sandbox are found in its aiohttp application."""

from aiohttp import web

from sandbox.acting import Acting
from sandbox.parts import Parts
from sandbox.workspace import Workspace

WORKSPACE: web.AppKey[Workspace] = web.AppKey("workspace", Workspace)
ACTING: web.AppKey[Acting] = web.AppKey("acting", Acting)
SANDBOX: web.AppKey[Parts] = web.AppKey("sandbox", Parts)
