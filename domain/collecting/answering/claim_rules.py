"""What the facts come to, beside what a project manager claims: pure, one rule for each fact.

The colours mean who must act, so the worst finding counts. Nothing here ever replaces a claim: it
stands beside it, and a better claim asks for a reason.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal
from functools import partial
from typing import Final, NamedTuple, Protocol

from domain.calendar.rules import WorkingDays
from domain.collecting.values import DIMENSIONS, Answers
from domain.portfolio.configuration import Thresholds
from models.enums import Health, LogKind

_SEVERITY: Final = {Health.GREEN: 0, Health.YELLOW: 1, Health.RED: 2}
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_REPEATED: Final = {"done": "Done since the last report", "next": "Planned next"}
"""Texts that ought to differ from report to report, by field, as the form calls them."""
_TITLE: Final = 80
"""Characters of a title or of words that a sentence quotes."""
_DAY: Final = timedelta(days=1)
_MANY_WORKING_DAYS: Final = 1_000
"""Where counting ends: nobody's threshold is beyond."""


class Item(Protocol):
    """An open entry of one of the project's lists."""

    @property
    def ref(self) -> str:
        """As people call it, such as `R-3`."""

    @property
    def title(self) -> str:
        """In one line."""

    @property
    def due_on(self) -> date | None:
        """By when; a milestone's forecast."""

    @property
    def baseline_on(self) -> date | None:
        """When it was first due."""

    @property
    def score(self) -> int | None:
        """Likelihood times impact, of a risk that was rated."""


@dataclass(frozen=True)
class ClaimFacts:
    """What a claim is compared with; what is not known is None or empty."""

    today: date
    """Where the council is."""
    answers: Answers
    """The report itself: its milestone, money, dimensions and decision are facts, too."""
    earlier: Sequence[Answers] = ()
    """The reports before it that somebody wrote, newest first; a press of *No change* is none."""
    settled: Mapping[LogKind, Collection[str]] = field(default_factory=dict)
    """Titles of what is closed on the project's lists: a report may still name it."""
    start: date | None = None
    baseline_end: date | None = None
    forecast_end: date | None = None
    budget: Decimal | None = None
    milestones: Sequence[Item] = ()
    risks: Sequence[Item] = ()
    actions: Sequence[Item] = ()
    decisions: Sequence[Item] = ()


@dataclass(frozen=True)
class Computed:
    """The health that the facts come to, and a sentence for each that is not green."""

    health: Health | None = None
    """None where there is nothing to compute from."""
    why: tuple[str, ...] = ()


class Finding(NamedTuple):
    """What one fact says."""

    health: Health
    text: str = ""
    """One sentence with figures and dates; empty where all is well."""


_FINE: Final = Finding(Health.GREEN)


def is_better(claimed: Health, computed: Health | None) -> bool:
    """Whether a claim is better than the facts; what is not rated claims nothing."""
    if computed is None or claimed not in _SEVERITY or computed not in _SEVERITY:
        return False
    return _SEVERITY[claimed] < _SEVERITY[computed]


def compute(facts: ClaimFacts, thresholds: Thresholds, working: WorkingDays) -> Computed:
    """What the facts come to: the worst finding, and why.

    Args:
        facts: what is known about the project, this report included.
        thresholds: from where on something is yellow or red.
        working: the workspace's working days, for the delay of short projects.
    """
    delay = partial(_delay, facts, thresholds, working)
    findings = [
        *_schedule(facts, delay),
        *_budget(facts, thresholds),
        *_milestones(facts, thresholds, delay),
        *_risks(facts, thresholds),
        *_dimensions(facts.answers),
        *_decision(facts),
        *_actions(facts),
        *_repetition(facts, thresholds.repetition),
    ]
    if not findings:
        return Computed()
    worst = max((each.health for each in findings), key=_SEVERITY.__getitem__)
    by_severity = sorted(findings, key=lambda each: -_SEVERITY[each.health])
    return Computed(worst, tuple(each.text for each in by_severity if each.text))


class _Words(NamedTuple):
    """How a sentence begins that tells of one thing, or of the first of several."""

    one: str
    many: str


_LATE_MILESTONES: Final = _Words("Milestone", "milestones are overdue; the oldest")
_SLIPPED: Final = _Words("Milestone", "milestones slip; the worst")
_RISKS: Final = _Words("Risk", "risks are high; the worst")
_LATE_ACTIONS: Final = _Words("Action", "actions are overdue; the oldest")
_LATE_DECISIONS: Final = _Words("Decision", "decisions are overdue; the oldest")


# --- schedule


class _Delay(NamedTuple):
    """How far a date lies behind the one that was planned."""

    health: Health
    words: str
    """Such as `34 days (12 %)`."""


class _Measure(Protocol):
    def __call__(self, planned: date, forecast: date) -> _Delay: ...


def _schedule(facts: ClaimFacts, delay: _Measure) -> Iterator[Finding]:
    """The forecast end against the baseline, and whether the end has passed unnoticed."""
    baseline, forecast = facts.baseline_end, facts.forecast_end
    if baseline is not None and forecast is not None:
        late = delay(baseline, forecast)
        text = f"The forecast end {day_words(forecast)} is {late.words} past the baseline."
        yield _FINE if late.health is Health.GREEN else Finding(late.health, text)
    end = forecast or baseline
    if end is not None and end < facts.today:
        kind = "forecast" if forecast else "planned"
        ago = _days(facts.today - end)
        text = f"The {kind} end {day_words(end)} passed {ago} ago, and the project still reports."
        yield Finding(Health.YELLOW, text)


def _delay(
    facts: ClaimFacts,
    thresholds: Thresholds,
    working: WorkingDays,
    planned: date,
    forecast: date,
) -> _Delay:
    """Judge a delay by the project's length: per cent of it, or working days if it is short.

    A project of unknown length is judged as a short one would be, but never red: it may be long.
    """
    late = forecast - planned
    if late <= timedelta():
        return _Delay(Health.GREEN, "")
    length = _length(facts)
    short = thresholds.short_projects
    if length is not None and length.days >= short.below_days:
        share = _share(Decimal(late.days), Decimal(length.days))
        scale = thresholds.schedule
        health = _beyond(share, Decimal(str(scale.yellow)), Decimal(str(scale.red)))
        return _Delay(health, f"{_days(late)} ({_percent(share)})")
    count = _working_days(planned, forecast, working)
    if length is None:
        health = Health.YELLOW if count > short.red else Health.GREEN
        return _Delay(health, _days(late))
    return _Delay(
        _beyond(Decimal(count), Decimal(short.yellow), Decimal(short.red)),
        f"{count} working {'day' if count == 1 else 'days'}",
    )


def _length(facts: ClaimFacts) -> timedelta | None:
    """How long the project was planned to take, if that is known and makes sense."""
    if facts.start is None or facts.baseline_end is None or facts.start >= facts.baseline_end:
        return None
    return facts.baseline_end - facts.start


def _working_days(planned: date, forecast: date, working: WorkingDays) -> int:
    """The working days after one date up to another, counted no further than matters."""
    count, day = 0, planned
    while day < forecast and count < _MANY_WORKING_DAYS:
        day += _DAY
        count += working.works(day)
    return count


# --- money


def _budget(facts: ClaimFacts, thresholds: Thresholds) -> Iterator[Finding]:
    """The forecast at completion against the budget; what is spent, where that is more."""
    forecast, spent = facts.answers.cost_forecast, facts.answers.spent
    if facts.budget is None or (forecast is None and spent is None):
        return
    is_spent = spent is not None and (forecast is None or spent > forecast)
    cost = (spent if is_spent else forecast) or Decimal()
    over = cost - facts.budget
    if over <= 0:
        if forecast is not None:  # money left says nothing of what is still to come
            yield _FINE
        return
    what = f"What is spent, {_money(cost)}," if is_spent else "The forecast at completion"
    figure = "" if is_spent else f" {_money(cost)}"
    if facts.budget <= 0:
        yield Finding(Health.RED, f"{what}{figure} stands against a budget of 0.")
        return
    share = _share(over, facts.budget)
    scale = thresholds.budget
    health = _beyond(share, Decimal(str(scale.yellow)), Decimal(str(scale.red)))
    text = (
        f"{what}{figure} is {_money(over)} ({_percent(share)}) over the budget of "
        f"{_money(facts.budget)}."
    )
    yield _FINE if health is Health.GREEN else Finding(health, text)


# --- the project's lists


@dataclass(frozen=True)
class _Milestone:
    name: str
    due_on: date
    baseline_on: date | None


def _milestones(facts: ClaimFacts, thresholds: Thresholds, delay: _Measure) -> Iterator[Finding]:
    """Open milestones: overdue, or forecast far behind their baseline."""
    milestones = _open_milestones(facts)
    if not milestones:
        return
    yield _FINE
    scale = thresholds.overdue_milestones
    overdue = [each for each in milestones if (facts.today - each.due_on).days >= scale.yellow]
    if overdue:
        oldest = min(overdue, key=lambda each: each.due_on)
        is_long = (facts.today - oldest.due_on).days >= scale.red
        health = Health.RED if is_long else Health.YELLOW
        first = _was_due(oldest.due_on, facts.today)
        yield Finding(health, _sentence(_LATE_MILESTONES, len(overdue), oldest.name, first))
    slips = [
        (delay(each.baseline_on, each.due_on), each) for each in milestones if each.baseline_on
    ]
    slipped = [each for each in slips if each[0].health is not Health.GREEN]
    if slipped:
        late_by, worst = max(slipped, key=_worst_slip)
        text = f"is forecast for {day_words(worst.due_on)}, {late_by.words} past its baseline"
        health = max((each.health for each, _ in slipped), key=_SEVERITY.__getitem__)
        yield Finding(health, _sentence(_SLIPPED, len(slipped), worst.name, text))


def _worst_slip(slip: tuple[_Delay, _Milestone]) -> tuple[int, timedelta]:
    late, milestone = slip
    return _SEVERITY[late.health], milestone.due_on - (milestone.baseline_on or milestone.due_on)


def _open_milestones(facts: ClaimFacts) -> list[_Milestone]:
    """Those of the list; where the report tells of one, what it says about it counts."""
    answers = facts.answers
    own = _key(answers.milestone)
    due = answers.milestone_forecast or answers.milestone_baseline
    same = next((each for each in facts.milestones if _key(each.title) == own), None)
    found = [
        _Milestone(_named(each), day, each.baseline_on)
        for each in facts.milestones
        if (day := each.due_on or each.baseline_on) and not (due and each is same)
    ]
    is_over = same is None and _is_settled(facts, LogKind.MILESTONE, answers.milestone)
    if own and due and not is_over:
        baseline = answers.milestone_baseline or (same.baseline_on if same else None)
        name = _named(same) if same else _quoted(answers.milestone)
        found.append(_Milestone(name, due, baseline))
    return found


def _is_settled(facts: ClaimFacts, kind: LogKind, text: str) -> bool:
    """Whether the lists say that it is over; there it goes by the text's first line."""
    first = _key(text.strip().partition("\n")[0])
    return first in map(_key, facts.settled.get(kind, ()))


def _risks(facts: ClaimFacts, thresholds: Thresholds) -> Iterator[Finding]:
    """Open risks of a high score."""
    rated = [(score, each) for each in facts.risks if (score := each.score) is not None]
    if not rated:
        return
    high = [each for each in rated if each[0] >= min(thresholds.risk.yellow, thresholds.risk.red)]
    if not high:
        yield _FINE
        return
    score, worst = max(high, key=lambda each: each[0])
    health = Health.RED if score >= thresholds.risk.red else Health.YELLOW
    text = f"is open with a score of {score}"
    yield Finding(health, _sentence(_RISKS, len(high), _named(worst), text))


def _actions(facts: ClaimFacts) -> Iterator[Finding]:
    """Open actions whose day has passed."""
    yield from _overdue(facts.actions, facts.today, _LATE_ACTIONS)


def _overdue(items: Iterable[Item], today: date, words: _Words) -> Iterator[Finding]:
    overdue = [(each.due_on, each) for each in items if each.due_on and each.due_on < today]
    if overdue:
        due, oldest = min(overdue, key=lambda each: each[0])
        text = _sentence(words, len(overdue), _named(oldest), _was_due(due, today))
        yield Finding(Health.YELLOW, text)


# --- the report against itself


def _dimensions(answers: Answers) -> Iterator[Finding]:
    """No project is better than its worst dimension: who must act there must act."""
    rated = {name: getattr(answers, name) for name in DIMENSIONS}
    rated = {name: health for name, health in rated.items() if health in _SEVERITY}
    if not rated:
        return
    worst = max(rated.values(), key=_SEVERITY.__getitem__)
    if worst is Health.GREEN:
        yield _FINE
        return
    names = [name for name, health in rated.items() if health is worst]
    yield Finding(worst, f"The report itself calls {_joined(names)} {worst.value}.")


def _decision(facts: ClaimFacts) -> Iterator[Finding]:
    """Who needs a decision needs somebody else to act; so does one that was not taken in time."""
    answers = facts.answers
    if answers.decision and not _is_settled(facts, LogKind.DECISION, answers.decision):
        by = f", by {day_words(answers.decision_by)}" if answers.decision_by else ""
        source = f" from {_shortened(answers.decision_from)}" if answers.decision_from else ""
        text = f"A decision is needed{source}{by}: {_quoted(answers.decision)}."
        yield Finding(Health.YELLOW, text)
        return
    yield from _overdue(facts.decisions, facts.today, _LATE_DECISIONS)


def _repetition(facts: ClaimFacts, often: int) -> Iterator[Finding]:
    """The same words again and again: nothing moves, or nobody looks."""
    reports = [facts.answers, *facts.earlier[: often - 1]]
    if len(reports) < often:
        return
    same = [name for name in _REPEATED if _is_same(getattr(each, name) for each in reports)]
    if same:
        named = _joined([f"“{_REPEATED[name]}”" for name in same])
        verb = "says" if len(same) == 1 else "say"
        yield Finding(Health.YELLOW, f"{named} {verb} the same in {often} reports in a row.")


def _is_same(texts: Iterable[str]) -> bool:
    different = {_key(text) for text in texts}
    return len(different) == 1 and "" not in different


# --- words


def day_words(day: date) -> str:
    """A date as sentences write it, such as 17 Mar 2027, whatever the machine's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _beyond(value: Decimal, yellow: Decimal, red: Decimal) -> Health:
    if value > red:
        return Health.RED
    return Health.YELLOW if value > yellow else Health.GREEN


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return part * 100 / whole


def _percent(share: Decimal) -> str:
    """Rounded up: what is beyond a threshold never reads as if it stood on it."""
    return f"{share.quantize(Decimal('0.1'), ROUND_UP).normalize():,f} %"


def _money(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _days(span: timedelta) -> str:
    return f"{span.days:,} {'day' if span.days == 1 else 'days'}"


def _sentence(words: _Words, count: int, name: str, text: str) -> str:
    return f"{words.one} {name} {text}." if count == 1 else f"{count} {words.many}, {name}, {text}."


def _was_due(due: date, today: date) -> str:
    return f"was due {day_words(due)}, {_days(today - due)} ago"


def _joined(names: Collection[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _TITLE else f"{words[: _TITLE - 1].rstrip()}…"


def _named(item: Item) -> str:
    return f"{item.ref} {_quoted(item.title)}"


def _quoted(text: str) -> str:
    return f"“{_shortened(text)}”"
