"""The Bolt app: which listeners there are, and who the bot is to each request."""

import logging
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk.web.async_client import AsyncWebClient

import handlers.answers
import handlers.calendar
import handlers.collecting
import handlers.collecting.asking
import handlers.collecting.handover
import handlers.collecting.history
import handlers.collecting.more
import handlers.collecting.text
import handlers.commands
import handlers.delivery
import handlers.digests
import handlers.documents
import handlers.errors
import handlers.following
import handlers.guiding
import handlers.handing
import handlers.health
import handlers.home
import handlers.inquiries
import handlers.learning
import handlers.logs
import handlers.meetings
import handlers.people
import handlers.portfolio
import handlers.rehearsal
import handlers.settings
from bot.agent import AgentView
from bot.factory import Services
from bot.inbox import Inbox
from bot.intake import Intake
from bot.slack import slack_user
from domain.errors import PmobotError
from domain.ports import Clock
from handlers.collecting.asking import Asking
from handlers.collecting.form import FormOpener
from handlers.collecting.more import Menu
from handlers.home import Home
from message_templates.notices import old_button


def build_bolt(
    client: AsyncWebClient,
    authorization: AuthorizeResult,
    services: Services,
    clock: Clock,
    inbox: Inbox,
    signing_secret: str | None = None,
) -> Intake:
    """Build the app; without a signing secret it takes only what comes over Socket Mode.

    Args:
        client: what listeners call Slack with; Bolt gives each request a copy with the token.
        authorization: the bot's token and who it is.
        services: what the listeners call.
        clock: tells the time of each request.
        inbox: keeps events from being worked on twice, or forgotten.
        signing_secret: what Slack signs its HTTP requests with.
    """

    async def authorize() -> AuthorizeResult:
        # Known since the start: Bolt would ask Slack for each request before its ack.
        return authorization

    logging.getLogger(f"slack_bolt.{AsyncApp.__name__}").addFilter(_is_news)
    app = Intake(
        dealt_with=inbox.deal_with,
        name="pmobot",  # else Bolt looks through the sources of all callers for one
        client=client,
        authorize=authorize,
        signing_secret=signing_secret or "socket mode only",
        request_verification_enabled=signing_secret is not None,
        attaching_conversation_kwargs_enabled=False,
    )
    app.use(inbox.take_in)
    handlers.errors.register(app)
    handlers.people.register(app, services.people, slack_user)
    words = [
        *handlers.portfolio.words(
            services.portfolio, services.collecting, services.logs, services.inquiries, clock
        ),
        *handlers.documents.with_projects(
            handlers.answers.words(services.answers, clock), services.documents, clock
        ),
        *handlers.guiding.words(services.guide),
        *handlers.handing.words(services.handing, clock),
        *handlers.logs.words(services.logs, clock),
        *handlers.inquiries.words(services.portfolio, services.inquiries),
        *handlers.meetings.words(services, clock),
        *handlers.collecting.handover.words(services.handover, clock),
        *handlers.collecting.history.words(services.portfolio, services.history),
        *handlers.following.words(services.following, services.collecting, clock),
        *handlers.calendar.words(services.leave, clock),
        *handlers.rehearsal.words(services.rehearser.rehearse, clock),
    ]
    handlers.commands.register(app, words, services.people)
    questions = handlers.learning.section(services.learning)
    sections = handlers.health.sections(
        services.personal,
        services.office,
        services.reporting,
        questions,
        handlers.meetings.section(services),
    )
    home = Home(sections, clock)
    _register_collecting(app, services, clock, home)
    handlers.logs.register(app, services.logs, services.people, clock, home.publish)
    _register_answers(app, services, clock, home)
    handlers.documents.register(app, services.documents, services.people, clock)
    handlers.meetings.register(app, services, clock, home)
    handlers.learning.register(app, services.learning, services.people, home)
    _register_inquiries(app, services, clock, home)
    handlers.delivery.register(app, services.delivery, clock)
    handlers.digests.register(app, services.preview, services.people, clock)
    handlers.health.register(app, services.office, services.people, home)
    handlers.following.register(app, services.following, services.people, home)
    handlers.settings.register(app, services.settings, services.people, home)
    # Last, because Bolt takes the first listener that matches: nothing pressed stays silent.
    app.action(re.compile(""))(_answer_old_button)
    return app


def _register_answers(app: Intake, services: Services, clock: Clock, home: Home) -> None:
    people, agent = services.people, AgentView(clock)
    read = handlers.collecting.text.reader(services.texts, people, clock)
    handlers.answers.register(app, services.answers, read, agent, people, clock)
    handlers.guiding.register(app, services.guide)
    handlers.home.register(app, home, people, handlers.guiding.opened(services.guide, agent))


def _register_collecting(app: Intake, services: Services, clock: Clock, home: Home) -> None:
    people = services.people
    handlers.collecting.register(app, services.collecting, people, clock, home.publish)
    handlers.collecting.handover.register(app, services.handover, people, clock)
    opener = FormOpener(services.collecting, clock)
    asking = Asking(services.unchanged, opener, people, clock, home.publish)
    handlers.collecting.asking.register(app, asking)
    menu = Menu(services.postponing, people, clock, home.publish)
    handlers.collecting.more.register(app, menu)
    handlers.collecting.text.register(app, services.texts, opener, people, clock)
    handlers.collecting.history.register(app, services.portfolio, services.history, people)


def _register_inquiries(app: Intake, services: Services, clock: Clock, home: Home) -> None:
    asked = (services.inquiries, services.office_inquiries)
    handlers.inquiries.register(app, asked, services.people, clock, home.publish)
    handlers.handing.register(app, services.handing, services.people, clock)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a warning of Bolt's is one: it finds SLACK_BOT_TOKEN in the environment by itself."""
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


async def _answer_old_button(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
    await ack()
    message = old_button()
    if "response_url" not in body:
        raise PmobotError(message.text)  # in a view, which is answered as all mistakes there are
    await respond(
        message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
    )
