"""Whether what somebody wrote can be reported as it is, or the form must ask for more."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.rules import parse_zone
from domain.collecting.answering.computing import computed_for, is_better
from domain.collecting.rules import check_answers
from domain.collecting.values import DIMENSIONS, LONG_FIELDS, MONEY, Answers
from domain.errors import FieldErrors
from domain.logs.record import open_entries
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from domain.portfolio.ratings import health_of
from models.collecting import RequestRow, StatusReport
from models.enums import Health, LogKind

_STANDING: Final = (
    *("milestone", "milestone_baseline", "milestone_forecast", "risks"),
    *DIMENSIONS,
    *MONEY,
    "percent_complete",
)
"""Answers that hold until somebody says something else; the others are about one period."""

_OF_A_COLOUR: Final = ("why", "path_to_green")
"""Answers that belong to a colour, and go with it."""

_OF_A_MILESTONE: Final = ("milestone_baseline", "milestone_forecast", "milestone_met")
"""Answers that belong to a milestone, and go with it."""


class TextChecker:
    """Checks texts for one request as the form would."""

    def __init__(
        self,
        session: AsyncSession,
        row: RequestRow,
        configuration: WorkspaceConfiguration,
        now: datetime,
    ) -> None:
        self._session = session
        self._row = row
        self._configuration = configuration
        self._now = now

    @classmethod
    async def load(cls, session: AsyncSession, row: RequestRow, now: datetime) -> "TextChecker":
        """Make one with what the workspace requires."""
        return cls(session, row, await load_configuration(session, row.request.workspace_id), now)

    async def check(self, typed: Mapping[str, str]) -> Answers | tuple[str, ...]:
        """The answers of a text; or what it lacks, in sentences."""
        try:
            answers = check_answers(typed, self._required(), self._day(self._now))
        except FieldErrors as errors:
            return tuple(errors.errors.values())
        lacks = (*await self._waiting_actions(), *await self._unexplained(answers))
        return lacks or answers

    def _day(self, instant: datetime) -> date:
        """The day where the council is."""
        return instant.astimezone(parse_zone(self._row.cycle.timezone)).date()

    def _required(self) -> tuple[str, ...]:
        asked = self._configuration.form.required
        has_budget = self._row.project.budget is not None
        return tuple(name for name in asked if has_budget or name not in MONEY)

    async def _waiting_actions(self) -> tuple[str, ...]:
        """Actions that are due must be answered, and only the form asks for them."""
        due = self._day(self._row.cycle.cut_off_at)
        found = await open_entries(
            self._session,
            self._row.request.workspace_id,
            [self._row.project.pk],
            [LogKind.ACTION],
            self._day(self._now),
        )
        refs = [
            each.ref
            for each in found.get(self._row.project.pk, [])
            if each.due_on is not None and each.due_on <= due
        ]
        if not refs:
            return ()
        return (f"{', '.join(refs)}: say what came of {'it' if len(refs) == 1 else 'them'}.",)

    async def _unexplained(self, answers: Answers) -> tuple[str, ...]:
        """A claim that is better than the facts asks for a reason, once."""
        facts = await computed_for(
            self._session, self._row, answers, self._now, self._configuration
        )
        if facts.health is None or not is_better(answers.health, facts.health):
            return ()
        return (
            f"The facts come to {facts.health} ({'; '.join(facts.why)}): say why it is better.",
        )


def kept_from(
    last: StatusReport | None, said: Mapping[str, str], today: date, *, is_correction: bool
) -> dict[str, str]:
    """What stays of the answer before, by field of the form, beside what a text says.

    A correction changes only what it names. A new period's text keeps what holds until somebody
    says otherwise: the next milestone, unless its day is over, the risks, the colours of the sides
    of the project, and the figures.
    """
    if last is None:
        return {}
    texts = _texts(Answers.of(last))
    has_turned = said.get("health", texts["health"]) != texts["health"]
    gone = set(_OF_A_COLOUR) if has_turned else set()
    if not is_correction:
        gone = texts.keys() - set(_STANDING)
    has_passed = last.milestone_forecast is not None and last.milestone_forecast < today
    is_over = last.milestone_met or has_passed
    is_other = said.get("milestone", last.milestone).casefold() != last.milestone.casefold()
    if is_other or (is_over and not is_correction):
        gone |= {"milestone", *_OF_A_MILESTONE}
    return {name: text for name, text in texts.items() if text and name not in gone | said.keys()}


def together(earlier: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Two texts about one request: the later one adds to the earlier, and its colour counts.

    What explains a colour goes where it turned green. Of two milestones the later one is
    meant, with its own days.
    """
    word, before = said.get("health", ""), earlier.get("health", "")
    is_well = bool(word and before) and word != before and health_of(word)[0] is Health.GREEN
    is_other = "milestone" in said and said["milestone"] != earlier.get("milestone")
    gone = (*(_OF_A_COLOUR if is_well else ()), *(_OF_A_MILESTONE if is_other else ()))
    both = {**{name: text for name, text in earlier.items() if name not in gone}, **said}
    for name in set(LONG_FIELDS) & both.keys() & earlier.keys() & said.keys() - set(gone):
        both[name] = _joined(earlier[name], said[name])
    return both


def _joined(earlier: str, later: str) -> str:
    """Two texts of one answer; what is written again is said once."""
    is_again = f"\n{later}\n" in f"\n{earlier}\n"
    return earlier if is_again else f"{earlier}\n{later}"


def _texts(answers: Answers) -> dict[str, str]:
    """Answers as the form's fields would have them."""
    values = {name: getattr(answers, name) for name in answers.__dataclass_fields__}
    texts = {name: "" if value is None else str(value) for name, value in values.items()}
    texts["health"] = answers.rating or (
        "" if answers.health is Health.GREY else answers.health.value.capitalize()
    )
    del texts["rating"]
    texts["milestone_met"] = "met" if answers.milestone_met else ""
    for name in DIMENSIONS:
        if values[name] is Health.GREY:
            texts[name] = ""
    return texts
