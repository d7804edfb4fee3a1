"""Slack's side of collecting: what is pressed in the request message, and the form."""

from slack_bolt.async_app import AsyncApp

from domain.collecting.service import CollectingService
from domain.portfolio.people import PeopleService
from domain.ports import Clock
from handlers.collecting import form
from handlers.collecting.form import Refresh


def register(
    app: AsyncApp,
    collecting: CollectingService,
    people: PeopleService,
    clock: Clock,
    refresh: Refresh,
) -> None:
    form.register(app, collecting, people, clock, refresh)
