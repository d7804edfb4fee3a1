"""What is wrong with a configuration file: its shape, and how its parts fit together."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import available_timezones

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.calendar.rules import (
    LONGEST_LEAVE,
    WORKING_WEEK,
    Recurrence,
    WallOffset,
    WorkingDays,
    parse_wall,
    parse_weekdays,
)
from domain.errors import InvalidFileError
from domain.portfolio.configuration import (
    Attention,
    ConfigurationFile,
    CouncilConfiguration,
    DigestConfiguration,
    Escalation,
    FormConfiguration,
    Holidays,
    LeaveConfiguration,
    Meetings,
    Member,
    OutOfCycle,
    OverdueDays,
    Part,
    PersonConfiguration,
    PhaseConfiguration,
    PmoOffice,
    PreviewConfiguration,
    Reporting,
    RequestsConfiguration,
    RiskScores,
    ShortProjects,
    StatusLeave,
    Threshold,
    Thresholds,
    TriageConfiguration,
    TriageTexts,
)
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.yaml_file import KeyPath, YamlDocument

_PARTS: Mapping[tuple[str, ...], type[Part]] = {
    (): ConfigurationFile,
    ("holidays",): Holidays,
    ("pmo",): PmoOffice,
    ("attention",): Attention,
    ("councils",): CouncilConfiguration,
    ("councils", "members"): Member,
    ("councils", "reporting"): Reporting,
    ("councils", "reporting", "preview"): PreviewConfiguration,
    ("councils", "meetings"): Meetings,
    ("councils", "meetings", "out_of_cycle"): OutOfCycle,
    ("digests",): DigestConfiguration,
    ("people",): PersonConfiguration,
    ("people", "holidays"): Holidays,
    ("people", "leave"): LeaveConfiguration,
    ("leave",): StatusLeave,
    ("escalation",): Escalation,
    ("thresholds",): Thresholds,
    ("thresholds", "schedule"): Threshold,
    ("thresholds", "short_projects"): ShortProjects,
    ("thresholds", "budget"): Threshold,
    ("thresholds", "risk"): RiskScores,
    ("thresholds", "overdue_milestones"): OverdueDays,
    ("phases",): PhaseConfiguration,
    ("form",): FormConfiguration,
    ("triage",): TriageConfiguration,
    ("triage", "texts"): TriageTexts,
    ("requests",): RequestsConfiguration,
}
"""Which keys are known where; places in lists left out."""

_SAID: Mapping[str, str] = {
    "string_type": "must be a plain text",
    "model_type": "must have keys of its own; look at the example in the documentation",
    "tuple_type": "must be a list; write [one, another] or a line with '- ' for each",
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "float_parsing": "must be a number",
    "date_from_datetime_parsing": "is no day of the calendar; write it as 2026-11-25",
    "date_parsing": "is no day of the calendar; write it as 2026-11-25",
}
"""The words for pydantic's kinds of error; the others' own words are clear enough."""


class Fault(NamedTuple):
    """Something wrong at one place of the file."""

    path: KeyPath
    text: str


def check_shape(document: YamlDocument) -> ConfigurationFile:
    """Read a file's values as a configuration.

    Raises:
        InvalidFileError: keys are unknown or missing, or values are not what they should be.
    """
    try:
        return ConfigurationFile.model_validate(document.value)
    except ValidationError as error:
        faults = [_shape_fault(one) for one in error.errors(include_url=False)]
        problems = [document.problem(*fault) for fault in faults]
        raise InvalidFileError(str(document.path), problems) from error


def _shape_fault(error: ErrorDetails) -> Fault:
    *above, last = error["loc"]
    match error["type"]:
        case "extra_forbidden":
            return Fault(error["loc"], _unknown_key(tuple(above), str(last)))
        case "missing":
            return Fault(error["loc"], f"is missing; add `{last}:` here")
        case "value_error":
            return Fault(error["loc"], str(error["ctx"]["error"]))
        case kind:
            return Fault(error["loc"], _SAID.get(kind) or _own_words(error["msg"]))


def _own_words(message: str) -> str:
    return message.replace("Input should", "must").replace("String should", "must")


def _unknown_key(above: KeyPath, key: str) -> str:
    fields = _PARTS[tuple(one for one in above if isinstance(one, str))].model_fields
    known = [field.alias or name for name, field in fields.items()]
    return f"is not known here.{did_you_mean(key, known)} Known: {', '.join(known)}"


def faults_in(file: ConfigurationFile) -> Iterator[Fault]:
    """What is wrong beyond the shape, as far as the file and the world's calendars tell."""
    yield from _zone_faults(("timezone",), file.timezone)
    if file.holidays is not None:
        yield from _holiday_faults(("holidays",), file.holidays)
    yield from _repeated(("phases",), "name", (phase.name for phase in file.phases))
    yield from _repeated(("form", "scale"), None, file.form.scale)
    yield from _question_faults(file)
    yield from _threshold_faults(file.thresholds)
    yield from _triage_faults(file.triage)
    yield from _repeated(("councils",), "name", (council.name for council in file.councils))
    for place, council in enumerate(file.councils):
        path: KeyPath = ("councils", place)
        if council.timezone is not None:
            yield from _zone_faults((*path, "timezone"), council.timezone)
        if council.reporting is not None:
            yield from _reporting_faults((*path, "reporting"), council.reporting, council.meetings)
        if council.meetings is not None:
            first = council.meetings.first
            at = (*path, "meetings", "rule")
            yield from _rule_faults(at, council.meetings.recurrence, first, "meeting")
    yield from _digest_faults(file)
    for place, person in enumerate(file.people):
        yield from _person_faults(("people", place), person)
    yield from _break_faults(file)


def _zone_faults(path: KeyPath, name: str) -> Iterator[Fault]:
    if name not in (known := available_timezones()):
        guess = did_you_mean(name, known)
        cure = "Write it as America/New_York or Europe/Berlin"
        yield Fault(path, f"'{name}' is not a time zone.{guess} {cure}")


def _holiday_faults(path: KeyPath, holidays: Holidays) -> Iterator[Fault]:
    from holidays import list_supported_countries

    regions = list_supported_countries().get(holidays.country)
    if regions is None:
        cure = "write a code such as US, DE or GB, or leave `holidays:` out"
        text = f"there is no holiday calendar for the country '{holidays.country}'; {cure}"
        yield Fault((*path, "country"), text)
    elif holidays.subdivision is not None and holidays.subdivision not in regions:
        cure = f"known: {', '.join(regions)}" if regions else "leave `subdivision:` out"
        text = f"'{holidays.country}' has no subdivision '{holidays.subdivision}'; {cure}"
        yield Fault((*path, "subdivision"), text)


def _repeated(path: KeyPath, key: str | None, names: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name.casefold() in seen:
            at = (*path, place) if key is None else (*path, place, key)
            yield Fault(at, f"'{name}' stands there twice; each needs its own name")
        seen.add(name.casefold())


def _question_faults(file: ConfigurationFile) -> Iterator[Fault]:
    """Questions of a phase that there is not; those that come by default are nobody's mistake."""
    if "questions" not in file.form.model_fields_set:
        return
    known = [phase.name for phase in file.phases]
    for name in file.form.questions:
        if name not in known:
            text = f"there is no phase '{name}'.{did_you_mean(name, known)}"
            yield Fault(("form", "questions", name), f"{text} Phases: {', '.join(known)}")


def _threshold_faults(thresholds: Thresholds) -> Iterator[Fault]:
    scales: dict[str, Threshold | ShortProjects | RiskScores | OverdueDays] = {
        "schedule": thresholds.schedule,
        "short_projects": thresholds.short_projects,
        "budget": thresholds.budget,
        "risk": thresholds.risk,
        "overdue_milestones": thresholds.overdue_milestones,
    }
    for name, scale in scales.items():
        if scale.yellow >= scale.red:
            text = f"yellow ({scale.yellow:g}) must be less than red ({scale.red:g})"
            yield Fault(("thresholds", name, "yellow"), text)


def _triage_faults(triage: TriageConfiguration) -> Iterator[Fault]:
    if triage.small_hours >= triage.project_hours:
        text = (
            f"{triage.small_hours} must be less than `project_hours:` ({triage.project_hours}), "
            "or nothing is left between a service request and a project"
        )
        yield Fault(("triage", "small_hours"), text)


def _reporting_faults(
    path: KeyPath, reporting: Reporting, meetings: Meetings | None
) -> Iterator[Fault]:
    if reporting.before_meeting is not None:
        yield from _before_meeting_faults(path, reporting, meetings)
    elif reporting.every is None:
        text = "needs `every:` and `first:`, or `before_meeting:` as 5d; add the one or the other"
        yield Fault(path, text)
    elif reporting.first is None:
        yield Fault(path, "needs `first:`, the day that `every:` counts from; add it")
    else:
        yield from _recurrence_faults((*path, "every"), reporting.every, reporting.first)
    yield from _order_faults(path, reporting)


def _before_meeting_faults(
    path: KeyPath, reporting: Reporting, meetings: Meetings | None
) -> Iterator[Fault]:
    for name in ("every", "first"):
        if getattr(reporting, name) is not None:
            text = f"stands beside `before_meeting:`, which says when to ask; drop `{name}:`"
            yield Fault((*path, name), text)
    if meetings is None:
        text = "needs the council's `meetings:`; add them, or say `every:` and `first:` instead"
        yield Fault((*path, "before_meeting"), text)
        return
    meets = WallOffset(days=reporting.days_before or 0, at=parse_wall(meetings.at))
    digest = WallOffset.parse(reporting.digest)
    if (digest.days, digest.at) > (meets.days, meets.at):
        text = (
            f"comes after the meeting, which is +{meets.days}d {meets.at:%H:%M} from the ask day; "
            "name an earlier digest, or a greater `before_meeting:`"
        )
        yield Fault((*path, "digest"), text)


def _rule_faults(
    path: KeyPath, recurrence: Recurrence, first: date | None, what: str
) -> Iterator[Fault]:
    if first is None and recurrence.hangs_on_first:
        text = f"'{recurrence.text}' counts from a first day; add `first:` with the first {what}"
        yield Fault(path, text)
    else:
        yield from _recurrence_faults(path, recurrence.text, recurrence.first)


def _digest_faults(file: ConfigurationFile) -> Iterator[Fault]:
    known = [council.name for council in file.councils]
    yield from _repeated(("digests",), "name", (digest.name for digest in file.digests))
    for place, digest in enumerate(file.digests):
        path: KeyPath = ("digests", place)
        yield from _rule_faults((*path, "every"), digest.recurrence, digest.first, "issue")
        yield from _repeated((*path, "councils"), None, digest.councils)
        if digest.timezone is not None:
            yield from _zone_faults((*path, "timezone"), digest.timezone)
        for number, name in enumerate(digest.councils):
            if name.casefold() not in map(str.casefold, known):
                guess = did_you_mean(name, known)
                text = f"there is no council '{name}'.{guess} Name one of `councils:`"
                yield Fault((*path, "councils", number), text)


def _recurrence_faults(path: KeyPath, rule: str, first: date) -> Iterator[Fault]:
    try:
        Recurrence.parse(rule, first)
    except ValueError as error:
        yield Fault(path, str(error))


def _order_faults(path: KeyPath, reporting: Reporting) -> Iterator[Fault]:
    ask = WallOffset(days=0, at=parse_wall(reporting.ask_at))
    steps = [("ask_at", ask), ("cut_off", WallOffset.parse(reporting.cut_off))]
    steps.append(("digest", WallOffset.parse(reporting.digest)))
    if reporting.freeze is not None:
        steps.append(("freeze", WallOffset.parse(reporting.freeze)))
    for (earlier, before), (later, after) in pairwise(steps):
        if (after.days, after.at) < (before.days, before.at):
            text = f"comes before `{earlier}:`; the order is ask_at, cut_off, digest, freeze"
            yield Fault((*path, later), text)
    if reporting.preview is not None:
        yield from _preview_faults(path, reporting, reporting.preview)


def _preview_faults(
    path: KeyPath, reporting: Reporting, preview: PreviewConfiguration
) -> Iterator[Fault]:
    """A draft before the cut-off would lack answers, one after the digest be none."""
    at, cut_off, digest = (
        WallOffset.parse(text) for text in (preview.at, reporting.cut_off, reporting.digest)
    )
    if (at.days, at.at) < (cut_off.days, cut_off.at):
        text = f"comes before `cut_off:` ({reporting.cut_off}), when answers are still on their way"
    elif (at.days, at.at) >= (digest.days, digest.at):
        text = f"leaves no time before `digest:` ({reporting.digest})"
    else:
        return
    cure = "name a time between cut_off and digest, such as an hour after the cut-off"
    yield Fault((*path, "preview", "at"), f"{text}; {cure}")


def _person_faults(path: KeyPath, person: PersonConfiguration) -> Iterator[Fault]:
    if person.holidays is not None:
        yield from _holiday_faults((*path, "holidays"), person.holidays)
    for place, leave in enumerate(person.leave):
        at = (*path, "leave", place, "until")
        if leave.until < leave.first:
            text = f"{leave.until} is before {leave.first}; `until:` is the last day away"
            yield Fault(at, text)
        elif leave.until - leave.first > LONGEST_LEAVE:
            yield Fault(at, f"{leave.until} is more than three years on; check the year")


def _break_faults(file: ConfigurationFile) -> Iterator[Fault]:
    """Closures that leave somebody no working day for a year."""
    weeks = [parse_weekdays(person.working_days) for person in file.people]
    for weekdays in dict.fromkeys([WORKING_WEEK, *weeks]):
        working = WorkingDays(closures=frozenset(file.closures), weekdays=weekdays)
        for day in sorted(file.closures):
            try:
                working.after(day, 1)
            except ValueError as error:
                yield Fault(("closures",), str(error))
                break
