"""The Web API: `POST /api/<method>`."""

from sandbox.webapi.dispatch import WebApi
from sandbox.webapi.methods import METHODS

__all__ = ["METHODS", "WebApi"]
