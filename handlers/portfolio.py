"""The words of `/project` that look at projects: list, show, mine."""

import re
from collections.abc import Sequence

from domain.collecting.service import CollectingService
from domain.inquiries.service import InquiryService
from domain.logs.service import LogsService
from domain.portfolio.rules import may_report
from domain.portfolio.service import PortfolioService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.commands import COMMAND, Word, part_of
from message_templates.inquiries.list import counts_blocks
from message_templates.kit import Rendered
from message_templates.logs.counts import counts_line
from message_templates.notices import notice
from message_templates.portfolio.card import project_card
from message_templates.portfolio.help import CommandHelp
from message_templates.portfolio.projects import project_list

_WITH_PART = re.compile(r"(\S+)\s+(\d{1,4})")
"""A code, and which part of a long answer is wanted."""


def words(
    portfolio: PortfolioService,
    collecting: CollectingService,
    logs: LogsService,
    inquiries: InquiryService,
    clock: Clock,
) -> Sequence[Word]:
    async def list_(viewer: Viewer, text: str) -> Sequence[Rendered]:
        lines = await portfolio.list_projects(viewer, text)
        statuses = await collecting.statuses([line.project_id for line in lines])
        title = f"Projects with “{text}”" if text else "Projects"
        return [project_list(lines, statuses, clock.now(), title)]

    async def mine(viewer: Viewer, _text: str) -> Sequence[Rendered]:
        lines = await portfolio.mine(viewer)
        statuses = await collecting.statuses([line.project_id for line in lines])
        return [project_list(lines, statuses, clock.now(), "Your projects", shows_due=True)]

    async def show(viewer: Viewer, text: str) -> Sequence[Rendered]:
        if not text:
            return [notice(f"Which project? Give its code: {COMMAND} show CODE")]
        with_part = _WITH_PART.fullmatch(text)
        code, part = (with_part[1], int(with_part[2])) if with_part else (text, 1)
        card = await portfolio.find(viewer, code)
        status = await collecting.status(card.project_id)
        lists = await logs.counts(viewer, card.project_id, clock.now())
        asked = await inquiries.counts(card.project_id)
        messages = project_card(
            card,
            status,
            clock.now(),
            viewer.timezone,
            can_report=may_report(viewer, card.facts),
            counted=[*counts_line(lists), *counts_blocks(asked, card.code)],
        )
        return part_of(messages, part, f"{COMMAND} show {card.code}")

    return [
        Word(CommandHelp("mine", f"{COMMAND} mine", "Your projects, and what is due."), mine),
        Word(
            CommandHelp(
                "show", f"{COMMAND} show CODE", "One project: its facts and its last report."
            ),
            show,
        ),
        Word(
            CommandHelp(
                "list",
                f"{COMMAND} list [words]",
                "All projects you may see, or those with these words in them.",
            ),
            list_,
        ),
    ]
