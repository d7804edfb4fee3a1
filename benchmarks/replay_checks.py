"""What must hold after a replay: all stored, all readable in Slack, nothing refused."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from benchmarks.gmpp import Portfolio, Published, answers_of, is_between, slug
from bot.runtime import Core
from demo.control import ControlClient, Json
from demo.person import FIELD_CHARACTERS
from domain.delivery.messages import Message
from domain.digests.messages import Composition
from message_templates.rendering import render
from models.base import Database
from models.collecting import Cycle, StatusReport, StatusRequest
from models.delivery import Delivery
from models.enums import DeliveryState, Health, RequestState
from models.portfolio import Council, Project, councils_of

SHOWN_DETAILS = 10


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    what: str
    holds: bool
    found: str
    details: tuple[str, ...] = ()
    """Where it does not."""


@dataclass(frozen=True)
class Composed:
    """One digest composed once more from the record, beside what Slack shows of it."""

    council: str
    year: int
    has_same_head: bool
    has_same_text: bool


@dataclass(frozen=True)
class Stored:
    """A stored report, with its project's code."""

    code: str
    report: StatusReport


@dataclass
class Evidence:
    """What a replay leaves behind: in the record and in Slack."""

    portfolio: Portfolio
    composed: list[Composed] = field(default_factory=list)
    not_taken: list[str] = field(default_factory=list)
    """Submissions that the bot did not take, with its answer."""
    stored: dict[tuple[int, str], Stored] = field(default_factory=dict)
    versions: int = 0
    requests: Counter[RequestState] = field(default_factory=Counter)
    deliveries: Counter[DeliveryState] = field(default_factory=Counter)
    channels: dict[str, list[Json]] = field(default_factory=dict)
    """The messages of each council's channel, by department."""
    asked: dict[str, list[Json]] = field(default_factory=dict)
    """The bot's direct messages, by PM."""
    refusals: list[Json] = field(default_factory=list)

    def submitted(self, report: Published, result: Json) -> None:
        """Note what came of a submission."""
        if result["errors"] or not result["ok"]:
            self.not_taken.append(f"{report.year} {report.code}: {result}")

    async def gather(self, control: ControlClient, database: Database) -> None:
        """Read the record, and all that anybody can read in Slack."""
        await self._read_record(database)
        for department in self.portfolio.departments:
            answer = await control.get(f"/messages/{slug(department)}")
            self.channels[department] = [each for each in answer["messages"] if "bot_id" in each]
        for user in {each.user for each in self.portfolio.managers.values()}:
            answer = await control.get(f"/dm/{user}")
            self.asked[user] = [each for each in answer["messages"] if "bot_id" in each]
        self.refusals = (await control.get("/refusals"))["refusals"]

    async def _read_record(self, database: Database) -> None:
        async with database.reading() as session:
            reports = await session.exec(
                select(StatusReport, Project.code)
                .join(Project, col(Project.id) == StatusReport.project_id)
                .order_by(col(StatusReport.version))
            )
            for report, code in reports.all():
                self.versions += 1
                self.stored[report.opens_on.year, code] = Stored(code, report)
            requests = await session.exec(select(StatusRequest.state))
            self.requests.update(map(RequestState, requests.all()))
            deliveries = await session.exec(select(Delivery.state))
            self.deliveries.update(map(DeliveryState, deliveries.all()))


async def compose_cycles_again(
    core: Core, cycles: Iterable[Cycle], control: ControlClient
) -> list[Composed]:
    """Compose digests once more, right after they were posted, and compare head and texts."""
    async with core.database.reading() as session:
        councils = {each.pk: each for each in await councils_of(session, core.workspace_id)}
    composed = []
    for cycle in cycles:
        parts = await core.services.digests.compose_again(cycle.pk)
        for composition, head in parts.values():
            council = councils[cycle.council_id]
            posted = await _posted(control, council, cycle.opens_on.year)
            has_same_text = _texts(composition) == [_shown(each) for each in posted]
            year = cycle.opens_on.year
            composed.append(Composed(council.name, year, composition.head == head, has_same_text))
    return composed


async def _posted(control: ControlClient, council: Council, year: int) -> list[Json]:
    messages = (await control.get(f"/messages/{council.channel_name}"))["messages"]
    return [each for each in messages if "bot_id" in each and _year(each) == year]


def _texts(composition: Composition) -> list[tuple[str, str]]:
    messages: list[Message] = [composition.head, *composition.details]
    if composition.missing is not None:
        messages.append(composition.missing)
    messages += [*composition.heat_maps, *composition.pages]
    return [
        (html.unescape(rendered.text), words(rendered.blocks, with_context=True))
        for message in messages
        for rendered in render(message)
    ]


def _shown(message: Json) -> tuple[str, str]:
    return html.unescape(message["text"]), words(message["blocks"], with_context=True)


# --- reading Slack


def words(blocks: Iterable[Mapping[str, Any]], *, with_context: bool = False) -> str:
    """All words of some blocks, as a person reads them from the top to the bottom.

    Args:
        blocks: of one message or of several.
        with_context: also those of context blocks, which the bot puts between the pieces of a
            text that goes on in another message.
    """
    shown = (each for each in blocks if with_context or each["type"] != "context")
    return "\n".join("".join(_words(each)) for each in shown)


def _words(node: Mapping[str, Any]) -> Iterator[str]:
    text = node.get("text") or node.get("fallback", "")
    if isinstance(text, str):
        yield html.unescape(text) if node["type"] == "mrkdwn" else text
    else:
        yield from _words(text)
    for element in node.get("elements", ()):
        yield from _words(element)
        yield "" if node["type"] == "rich_text_section" else "\n"


def collapsed(text: str) -> str:
    """A text with all white space as single blanks: what a reader sees of it."""
    return re.sub(r"\s+", " ", text).strip()


def _year(message: Json) -> int:
    return datetime.fromtimestamp(float(message["ts"]), UTC).year


def _is_head(message: Json) -> bool:
    return bool(message.get("thread_ts", message["ts"]) == message["ts"])


# --- the checks


def checks_of(evidence: Evidence) -> list[Check]:
    """Everything that must hold."""
    return [
        _taken(evidence),
        _as_published(evidence),
        _not_rated(evidence),
        _between(evidence),
        *_readable(evidence),
        _one_request_message(evidence),
        _all_answered(evidence),
        _one_head(evidence),
        _composed_again(evidence),
        _all_delivered(evidence),
        _nothing_refused(evidence),
    ]


def _check(what: str, wrong: Sequence[str], total: int, found: int | None = None) -> Check:
    right = total - len(wrong) if found is None else found
    holds = not wrong and right == total
    return Check(what, holds, f"{right} of {total}", tuple(wrong[:SHOWN_DETAILS]))


def _taken(evidence: Evidence) -> Check:
    total = len(evidence.portfolio.reports)
    return _check("submissions taken at once", evidence.not_taken, total)


def _as_published(evidence: Evidence) -> Check:
    """Each report is stored once, with every text and amount as it was typed."""
    wrong = []
    for published in evidence.portfolio.reports:
        stored = evidence.stored.get((published.year, published.code))
        if stored is None:
            wrong.append(f"{published.year} {published.code} is not stored")
        elif differing := list(_differences(published, stored.report)):
            wrong.append(f"{published.year} {published.code}: {', '.join(differing)} differ")
    extra = evidence.versions - len(evidence.stored)
    wrong += [f"{extra} versions more than answers"] if extra else []
    return _check("reports stored as published", wrong, len(evidence.portfolio.reports))


def _differences(published: Published, report: StatusReport) -> Iterator[str]:
    answers = answers_of(published)
    for name in ("why", "done", "risks", "path_to_green"):
        if collapsed(getattr(report, name)) != collapsed(answers[name] or ""):
            yield name
    amount = "" if report.cost_forecast is None else f"{report.cost_forecast:.0f}"
    if amount != (answers["cost_forecast"] or ""):
        yield "cost_forecast"
    expected = Health.YELLOW if published.rating.casefold().startswith("amber") else None
    if report.health is not (expected or Health(published.rating.casefold() or "grey")):
        yield "health"


def _not_rated(evidence: Evidence) -> Check:
    expected = [each for each in evidence.portfolio.reports if not each.rating]
    wrong = [
        f"{each.year} {each.code}"
        for each in expected
        if not _is_stored(evidence, each, Health.GREY, "")
    ]
    return _check("without a rating: stored as not rated, grey", wrong, len(expected))


def _between(evidence: Evidence) -> Check:
    expected = [each for each in evidence.portfolio.reports if is_between(each.rating)]
    wrong = [
        f"{each.year} {each.code}"
        for each in expected
        if not _is_stored(evidence, each, Health.YELLOW, each.rating)
    ]
    return _check("Amber/Green and Amber/Red: yellow, rating kept", wrong, len(expected))


def _is_stored(evidence: Evidence, published: Published, health: Health, rating: str) -> bool:
    stored = evidence.stored.get((published.year, published.code))
    if stored is None:
        return False
    report = stored.report
    return report.health is health and report.rating.casefold() == rating.casefold()


_READ: Mapping[str, Callable[[Published], str]] = {
    "rating commentaries": lambda each: each.why,
    "schedule commentaries": lambda each: each.schedule,
    "budget commentaries": lambda each: each.budget,
}


def _readable(evidence: Evidence) -> Iterator[Check]:
    """Each text stands whole in what its council's channel shows of its year."""
    shown = _read_in_slack(evidence)
    for what, text_of in _READ.items():
        texts = [(each, collapsed(text_of(each))) for each in evidence.portfolio.reports]
        given = [(each, text) for each, text in texts if text]
        wrong = [
            f"{each.year} {each.code}: {text[:60]}"
            for each, text in given
            if text not in shown[each.department, each.year]
        ]
        blank, long = len(texts) - len(given), _count_long(texts)
        notes = [f"{blank} blank as published" if blank else "", long]
        note = ", ".join(each for each in notes if each)
        check = _check(f"{what} readable in full in Slack", wrong, len(given))
        yield Check(check.what, check.holds, f"{check.found}{note and f' ({note})'}", check.details)


def _count_long(texts: Iterable[tuple[Published, str]]) -> str:
    count = sum(len(text) > FIELD_CHARACTERS for _each, text in texts)
    return f"{count} longer than one field" if count else ""


def _read_in_slack(evidence: Evidence) -> Mapping[tuple[str, int], str]:
    read: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for department, messages in evidence.channels.items():
        for message in messages:
            read[department, _year(message)].append(words(message["blocks"]))
    return defaultdict(str, {key: collapsed("\n".join(texts)) for key, texts in read.items()})


def _one_request_message(evidence: Evidence) -> Check:
    managers = evidence.portfolio.managers
    expected = {(managers[each.code].user, each.year) for each in evidence.portfolio.reports}
    found = Counter(
        (user, _year(message)) for user, messages in evidence.asked.items() for message in messages
    )
    wrong = [f"{key}: {count} messages" for key, count in found.items() if count != 1]
    wrong += [f"{key} was asked" for key in found.keys() - expected]
    wrong += [f"{key} was not asked" for key in expected - found.keys()]
    return _check("one request message for each PM and year", wrong, len(expected))


def _all_answered(evidence: Evidence) -> Check:
    states = evidence.requests
    wrong = [f"{count} {state}" for state, count in states.items() if state != "answered"]
    total = len(evidence.portfolio.reports)
    return _check("asked exactly those, all answered in time", wrong, total, states.total())


def _one_head(evidence: Evidence) -> Check:
    expected = {(each.department, each.year) for each in evidence.portfolio.reports}
    found = Counter(
        (department, _year(message))
        for department, messages in evidence.channels.items()
        for message in messages
        if _is_head(message)
    )
    wrong = [f"{key}: {count} head messages" for key, count in found.items() if count != 1]
    wrong += [f"{key} is missing or too many" for key in found.keys() ^ expected]
    return _check("one head message for each council and cycle", wrong, len(expected))


def _composed_again(evidence: Evidence) -> Check:
    wrong = [
        f"{each.council} {each.year}: head {each.has_same_head}, text {each.has_same_text}"
        for each in evidence.composed
        if not (each.has_same_head and each.has_same_text)
    ]
    total = len({(each.department, each.year) for each in evidence.portfolio.reports})
    found = len(evidence.composed) - len(wrong)
    return _check("digests with the same text when composed again", wrong, total, found)


def _all_delivered(evidence: Evidence) -> Check:
    states = evidence.deliveries
    wrong = [f"{count} {state}" for state, count in states.items() if state != "sent"]
    return _check("deliveries in the ledger sent", wrong, states.total())


def _nothing_refused(evidence: Evidence) -> Check:
    wrong = tuple(f"{each['method']}: {each['error']}" for each in evidence.refusals)
    what = "no refusal by the sandbox, rate limits on"
    return Check(what, not wrong, f"{len(wrong)} refusals", wrong[:SHOWN_DETAILS])
