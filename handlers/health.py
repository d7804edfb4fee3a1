"""Slack's side of health: everybody's own part of App Home, the PMO's page, and its buttons."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.health.office import OfficeService
from domain.health.personal import PersonalService
from domain.health.reporting import ReportingService
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from handlers.home import Home, Section, state_of
from handlers.people import who
from message_templates.home.page import (
    CHECK,
    DROP,
    RETRY,
    RETRY_ALL,
    asking_note,
    health_section,
)
from message_templates.home.personal import personal_section
from message_templates.home.reporting import reporting_section, tabs
from message_templates.home.state import BOT, QUESTIONS, REPORTING, HomeState
from message_templates.kit import Block


def sections(
    personal: PersonalService,
    office: OfficeService,
    reporting: ReportingService,
    questions: Section,
    meetings: Section,
) -> Sequence[Section]:
    async def about_you(viewer: Viewer, now: datetime, state: HomeState) -> Sequence[Block]:
        me = await personal.personal(viewer, now, state.places)
        return personal_section(me, now, await meetings(viewer, now, state))

    async def for_the_pmo(viewer: Viewer, now: datetime, state: HomeState) -> Sequence[Block]:
        """The PMO's tabs; for everybody else, and for the PMO at first, what is about them."""
        report = await office.page(viewer, now)
        if report is None:
            return await about_you(viewer, now, state)
        top = tabs(state, report.problems)
        if state.tab == BOT:
            return [*top, *health_section(report, viewer.timezone)]
        if state.tab == QUESTIONS:
            return [*top, *await questions(viewer, now, state)]
        page = await reporting.page(viewer, now, state.places) if state.tab == REPORTING else None
        if page is not None:
            return [*top, *reporting_section(page, state)]
        return [*top, *await about_you(viewer, now, state)]

    return [for_the_pmo]


def register(app: AsyncApp, office: OfficeService, people: PeopleService, home: Home) -> None:
    def renewing(
        do: Callable[[Viewer, str], Awaitable[None]],
    ) -> Callable[..., Awaitable[None]]:
        """A listener that does something for a person, and shows them the page as it is then."""

        async def pressed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            viewer = await who(people, body["user"]["id"])
            await do(viewer, body["actions"][0].get("value", ""))
            await home.publish(viewer, client, state=state_of(body.get("view")))

        return pressed

    async def check(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        office.check_may(viewer)
        state = state_of(body.get("view"))
        await home.publish(viewer, client, asking_note(), state)
        await office.check_slack(viewer, home.clock.now())
        await home.publish(viewer, client, state=state)

    async def retry(viewer: Viewer, value: str) -> None:
        await office.retry(viewer, int(value))

    async def retry_all(viewer: Viewer, _value: str) -> None:
        await office.retry_all(viewer, home.clock.now())

    async def drop(viewer: Viewer, value: str) -> None:
        await office.drop(viewer, int(value))

    app.action(CHECK)(check)
    app.action(RETRY)(renewing(retry))
    app.action(RETRY_ALL)(renewing(retry_all))
    app.action(DROP)(renewing(drop))
