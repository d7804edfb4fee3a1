"""What is wrong with a configuration file: its shape, and how its parts fit together."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import available_timezones

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.calendar.rules import Recurrence, WallOffset, parse_wall
from domain.errors import InvalidFileError
from domain.portfolio.configuration import (
    Attention,
    ConfigurationFile,
    CouncilConfiguration,
    FormConfiguration,
    Holidays,
    Meetings,
    Member,
    Part,
    PhaseConfiguration,
    PmoOffice,
    Reporting,
    Threshold,
    Thresholds,
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
    ("councils", "meetings"): Meetings,
    ("thresholds",): Thresholds,
    ("thresholds", "schedule"): Threshold,
    ("thresholds", "budget"): Threshold,
    ("phases",): PhaseConfiguration,
    ("form",): FormConfiguration,
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
    known = _PARTS[tuple(one for one in above if isinstance(one, str))].model_fields
    return f"is not known here.{did_you_mean(key, known)} Known: {', '.join(known)}"


def faults_in(file: ConfigurationFile) -> Iterator[Fault]:
    """What is wrong beyond the shape, as far as the file and the world's calendars tell."""
    yield from _zone_faults(("timezone",), file.timezone)
    if file.holidays is not None:
        yield from _holiday_faults(file.holidays)
    yield from _repeated(("phases",), "name", (phase.name for phase in file.phases))
    yield from _repeated(("form", "scale"), None, file.form.scale)
    yield from _threshold_faults(("thresholds", "schedule"), file.thresholds.schedule)
    yield from _threshold_faults(("thresholds", "budget"), file.thresholds.budget)
    yield from _repeated(("councils",), "name", (council.name for council in file.councils))
    for place, council in enumerate(file.councils):
        path: KeyPath = ("councils", place)
        if council.timezone is not None:
            yield from _zone_faults((*path, "timezone"), council.timezone)
        if council.reporting is not None:
            yield from _reporting_faults((*path, "reporting"), council.reporting)


def _zone_faults(path: KeyPath, name: str) -> Iterator[Fault]:
    if name not in (known := available_timezones()):
        guess = did_you_mean(name, known)
        cure = "Write it as America/New_York or Europe/Berlin"
        yield Fault(path, f"'{name}' is not a time zone.{guess} {cure}")


def _holiday_faults(holidays: Holidays) -> Iterator[Fault]:
    from holidays import list_supported_countries

    regions = list_supported_countries().get(holidays.country)
    if regions is None:
        cure = "write a code such as US, DE or GB, or leave `holidays:` out"
        text = f"there is no holiday calendar for the country '{holidays.country}'; {cure}"
        yield Fault(("holidays", "country"), text)
    elif holidays.subdivision is not None and holidays.subdivision not in regions:
        cure = f"known: {', '.join(regions)}" if regions else "leave `subdivision:` out"
        text = f"'{holidays.country}' has no subdivision '{holidays.subdivision}'; {cure}"
        yield Fault(("holidays", "subdivision"), text)


def _repeated(path: KeyPath, key: str | None, names: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name.casefold() in seen:
            at = (*path, place) if key is None else (*path, place, key)
            yield Fault(at, f"'{name}' stands there twice; each needs its own name")
        seen.add(name.casefold())


def _threshold_faults(path: KeyPath, threshold: Threshold) -> Iterator[Fault]:
    if threshold.yellow >= threshold.red:
        text = f"yellow ({threshold.yellow:g}) must be less than red ({threshold.red:g})"
        yield Fault((*path, "yellow"), text)


def _reporting_faults(path: KeyPath, reporting: Reporting) -> Iterator[Fault]:
    try:
        Recurrence.parse(reporting.every, reporting.first)
    except ValueError as error:
        yield Fault((*path, "every"), str(error))
    ask = WallOffset(days=0, at=parse_wall(reporting.ask_at))
    steps = [("ask_at", ask), ("cut_off", WallOffset.parse(reporting.cut_off))]
    steps.append(("digest", WallOffset.parse(reporting.digest)))
    if reporting.freeze is not None:
        steps.append(("freeze", WallOffset.parse(reporting.freeze)))
    for (earlier, before), (later, after) in pairwise(steps):
        if (after.days, after.at) < (before.days, before.at):
            text = f"comes before `{earlier}:`; the order is ask_at, cut_off, digest, freeze"
            yield Fault((*path, later), text)
