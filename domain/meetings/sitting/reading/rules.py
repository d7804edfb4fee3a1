"""Pure reading of names, days, actions and votes; what can't be read is told with the cure."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from domain.calendar.rules import parse_day
from domain.meetings.sitting.reading.values import Known, ReadAction, Votes
from domain.portfolio.suggest import did_you_mean

TITLE, TEXT, OWNER, DUE, PROJECT = "title", "text", "owner", "due_on", "project"
"""The fields of the window of an action."""

HOW_ACTION: Final = "@omar by Friday: Write the plan [APOLLO]"
"""How an action is written."""

_ECHOED: Final = 40
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_SHORTEST: Final = 3
"""Letters by which a weekday or month is known: `fri`."""
_YEARS_AHEAD: Final = 9
"""Until the next 29 February, over a year such as 2100 that has none."""

_IN: Final = re.compile(r"in (?P<count>\d{1,3}) (?P<unit>day|week|month)s?")
_DAY_MONTH: Final = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.? (?P<month>[a-z]{3,9})\.?")
_MONTH_DAY: Final = re.compile(r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?")
_YEAR: Final = re.compile(r"^(?P<rest>.*\S)[, ]+(?P<year>20\d\d)$")
_ACTION: Final = re.compile(
    r"(?P<who>\S.*?)\s+(?:by|until|before)\s+(?P<when>[^:]+?)\s*:\s*(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_CODE: Final = re.compile(r"\s*\[(?P<code>[^\[\]\s]{1,30})\]\s*$")
_COUNTS: Final = re.compile(
    r"(?P<for>\d{1,3})\s*[-:/]\s*(?P<against>\d{1,3})(?:\s*[-:/]\s*(?P<abstained>\d{1,3}))?"
)
_SIDE: Final = (
    ("votes_for", re.compile(r"(?:for|in favou?r|yes)\b", re.IGNORECASE)),
    ("votes_against", re.compile(r"(?:against|no)\b", re.IGNORECASE)),
    ("abstained", re.compile(r"(?:abstain\w*|abstention\w*)\b", re.IGNORECASE)),
)
_SIDE_WORDS: Final = {"votes_for": "For", "votes_against": "Against", "abstained": "Abstained"}
_COUNT: Final = re.compile(r"(?P<count>\d{1,3})\s+(?P<side>.+)")
_HOW_VOTES: Final = (
    "write “5 for, 1 against, 2 abstained”, or names: “for: Carol, Omar; against: Ben”"
)


def read_day(text: str, today: date) -> date:
    """The day that is meant: a date, a weekday to come, `tomorrow`, `in 2 weeks`.

    Raises:
        ValueError: with the cure.
    """
    wanted = " ".join(text.casefold().split()).removeprefix("next ").removeprefix("this ")
    for read in (_near, _weekday, _in, _dated):
        if (found := read(wanted, today)) is not None:
            return found
    try:
        return parse_day(wanted)
    except ValueError:
        msg = (
            f"'{text[:_ECHOED]}' is no day that I can read: write it as 2026-12-04, 4 Dec, "
            "Friday, tomorrow or in 2 weeks"
        )
        raise ValueError(msg) from None


def _near(text: str, today: date) -> date | None:
    days = {"today": 0, "tomorrow": 1}
    return today + timedelta(days=days[text]) if text in days else None


def _weekday(text: str, today: date) -> date | None:
    """The next such day after today: who says Friday on a Friday means the one to come."""
    if len(text) < _SHORTEST:
        return None
    place = next((place for place, name in enumerate(_WEEKDAYS) if name.startswith(text)), None)
    if place is None:
        return None
    return today + timedelta(days=(place - today.weekday() - 1) % 7 + 1)


def _in(text: str, today: date) -> date | None:
    found = _IN.fullmatch(text)
    if found is None:
        return None
    count = int(found["count"])
    if found["unit"] == "month":
        return _months_on(today, count)
    return today + timedelta(days=count * (7 if found["unit"] == "week" else 1))


def _months_on(today: date, count: int) -> date:
    years, month = divmod(today.month - 1 + count, 12)
    year = today.year + years
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _dated(text: str, today: date) -> date | None:
    with_year = _YEAR.match(text)
    rest = with_year["rest"] if with_year else text
    found = _DAY_MONTH.fullmatch(rest) or _MONTH_DAY.fullmatch(rest)
    month = _month(found["month"]) if found else None
    if found is None or month is None:
        return None
    first = int(with_year["year"]) if with_year else today.year
    last = first if with_year else first + _YEARS_AHEAD
    days = (_day(year, month, int(found["day"])) for year in range(first, last + 1))
    return next((each for each in days if each and (with_year or each >= today)), None)


def _month(word: str) -> int | None:
    """The number of a month, by its name or the first letters of it."""
    if word == "sept":
        return 9
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)), None)


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def find_person(text: str, known: Sequence[Known]) -> Known:
    """The one person that a name, an address or a Slack id means.

    A whole name or address wins over a first name that several have.

    Raises:
        ValueError: nobody, or several; with the cure.
    """
    wanted = _wanted(text)
    for keys in (_oneself, _whole, _partial):
        found = [each for each in known if wanted in keys(each)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(sorted(f"{each.name} ({each.email})" for each in found[:5]))
            msg = f"'{text[:_ECHOED]}' may be several: {names}. Write the e-mail address"
            raise ValueError(msg)
    guess = did_you_mean(wanted, [each.name for each in known])
    msg = (
        f"I know nobody called '{text[:_ECHOED]}'.{guess} Write a name as Slack shows it, "
        "or an e-mail address"
    )
    raise ValueError(msg)


def _wanted(text: str) -> str:
    """`@Ben`, `ben@example.edu` and `<@U123|ben>` as they are looked up."""
    inner = text.strip().removeprefix("<").removesuffix(">").removeprefix("mailto:")
    return " ".join(inner.partition("|")[0].lstrip("@").split()).casefold()


def _oneself(person: Known) -> set[str]:
    return {"me", "myself"} if person.is_me else set()


def _whole(person: Known) -> set[str]:
    return {each.casefold() for each in (person.slack_id, person.name, person.email)} - {""}


def _partial(person: Known) -> set[str]:
    parts = (person.name.split(" ")[0], person.email.partition("@")[0])
    return {each.casefold() for each in parts} - {""}


def read_action(text: str, known: Sequence[Known], today: date) -> ReadAction:
    """Read `@omar by Friday: Write the plan [APOLLO]`.

    Raises:
        ValueError: with the cure.
    """
    found = _ACTION.fullmatch(text.strip())
    if found is None:
        msg = f"Say who, by when and what: {HOW_ACTION}"
        raise ValueError(msg)
    title, code = split_code(found["what"])
    if not title:
        msg = f"Say what is to be done: {HOW_ACTION}"
        raise ValueError(msg)
    owner = find_person(found["who"], known)
    return ReadAction(" ".join(title.split()), owner, read_day(found["when"], today), code)


def split_code(text: str) -> tuple[str, str]:
    """A text, and the code of a project in brackets at its end, in capitals; empty without one."""
    found = _CODE.search(text)
    if found is None:
        return text.strip(), ""
    return text[: found.start()].strip(), found["code"].upper()


def read_conditions(text: str, known: Sequence[Known], today: date) -> tuple[ReadAction, ...]:
    """Read conditions, one a line, each written as an action.

    Raises:
        ValueError: with the line that it is about, and the cure.
    """
    read = []
    for number, line in enumerate(_lines(text), start=1):
        try:
            read.append(read_action(line, known, today))
        except ValueError as error:
            msg = f"Line {number}: {error}"
            raise ValueError(msg) from None
    return tuple(read)


def read_options(text: str) -> tuple[tuple[str, ...], str]:
    """Read options, one a line, with a star before the one that was chosen.

    Raises:
        ValueError: two of them have a star, or one stands there twice.
    """
    lines = _lines(text)
    chosen = [line.removeprefix("*").strip() for line in lines if line.startswith("*")]
    options = tuple(line.removeprefix("*").strip() for line in lines)
    if len(chosen) > 1:
        msg = "Several lines have a star: put it before the one option that was chosen"
        raise ValueError(msg)
    if len({each.casefold() for each in options}) < len(options):
        msg = "An option stands there twice: write each once"
        raise ValueError(msg)
    return options, chosen[0] if chosen else ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_votes(text: str, voters: Sequence[Known], present: int) -> Votes | None:
    """Read how a vote came out: counts, or names; None if nothing was typed.

    Args:
        text: as it was typed.
        voters: who has a vote here.
        present: how many votes are here.

    Raises:
        ValueError: with the cure.
    """
    if not text.strip():
        return None
    votes = _counted(text) or _by_name(text, voters)
    if votes.total > present:
        msg = (
            f"{votes.total} votes, and {present} with a vote are here: mend the numbers, or let "
            "whoever is missing press “I'm here”"
        )
        raise ValueError(msg)
    return votes


def _counted(text: str) -> Votes | None:
    if found := _COUNTS.fullmatch(text.strip()):
        return Votes(int(found["for"]), int(found["against"]), int(found["abstained"] or 0))
    counts: dict[str, int] = {}
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        counted = _COUNT.fullmatch(part.strip())
        side = _side(counted["side"]) if counted else None
        if counted is None or side is None:
            return None
        counts[side] = counts.get(side, 0) + int(counted["count"])
    yes, no, rest = (counts.get(side, 0) for side, _ in _SIDE)
    return Votes(yes, no, rest) if counts else None


def _side(text: str) -> str | None:
    return next((side for side, words in _SIDE if words.match(text.strip())), None)


def _by_name(text: str, voters: Sequence[Known]) -> Votes:
    sides: dict[str, list[str]] = {}
    seen: set[int] = set()
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        head, _, names = part.partition(":")
        side = _side(head)
        if side is None:
            msg = f"'{part.strip()[:_ECHOED]}' is no count of votes: {_HOW_VOTES}"
            raise ValueError(msg)
        sides.setdefault(side, []).extend(_voter(each, voters, seen) for each in _names(names))
    told = [
        f"{_SIDE_WORDS[side]}: {', '.join(sides[side])}." for side, _ in _SIDE if sides.get(side)
    ]
    yes, no, rest = (len(sides.get(side, [])) for side, _ in _SIDE)
    return Votes(yes, no, rest, by_name=" ".join(told))


def _names(text: str) -> Iterable[str]:
    return [each.strip() for each in re.split(r",|\band\b|&", text) if each.strip()]


def _voter(name: str, voters: Sequence[Known], seen: set[int]) -> str:
    try:
        voter = find_person(name, voters)
    except ValueError:
        msg = f"'{name[:_ECHOED]}' has no vote here: {', '.join(each.name for each in voters)} have"
        raise ValueError(msg) from None
    if voter.person_id in seen:
        msg = f"{voter.name} stands there twice: each has one vote"
        raise ValueError(msg)
    seen.add(voter.person_id)
    return voter.name


def named_before(text: str, names: Mapping[str, int]) -> tuple[int | None, str]:
    """What a text is addressed to, `ITS Council: ...`, and the rest; None where nothing is named.

    Args:
        text: as it was typed.
        names: of councils, with their numbers; the beginning of one is enough, if it is the only
            one that begins so.
    """
    head, colon, rest = text.partition(":")
    wanted = head.strip().casefold()
    if not colon or not wanted:
        return None, text
    begun = {number for name, number in names.items() if name.casefold().startswith(wanted)}
    exact = {number for name, number in names.items() if name.casefold() == wanted}
    found = exact or begun
    return (found.pop(), rest.strip()) if len(found) == 1 else (None, text)
