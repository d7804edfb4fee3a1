"""Typed keys under which the page's own parts are found in the aiohttp application."""

import asyncio

import jinja2
from aiohttp import web

TEMPLATES: web.AppKey[jinja2.Environment] = web.AppKey("page_templates", jinja2.Environment)
STREAMS: web.AppKey[set[asyncio.Task[None]]] = web.AppKey("page_streams", set)
