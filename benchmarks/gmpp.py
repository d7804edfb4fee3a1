"""The UK's Government Major Projects Portfolio as a workspace: councils, PMs, files and answers.

Contains public sector information licensed under the Open Government Licence v3.0. The projects,
ratings and commentaries are as published; the people are made up from the departments' names.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import cycle
from operator import attrgetter
from pathlib import Path

from ruamel.yaml import YAML

from domain.portfolio.ratings import health_of

DATA = Path(__file__).parent.parent.parent / "shared/data/gmpp/gmpp_2021_2023.csv"

SCALE = ("Green", "Amber/Green", "Amber", "Amber/Red", "Red")
NOT_PUBLISHED = "Not published."
"""What is typed where the form demands a text and nothing was published."""

ASKED, NOT_ASKED = "in the report", "not in the report"
"""The two phases; who is not in a year's report is not asked in that year."""

PROJECTS_PER_MANAGER = 4
ZONES = (
    "Europe/London",
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Europe/London",
    "Australia/Sydney",
)
DOMAIN = "gmpp.example"
MILLION = 1_000_000
ASK_DAY = (3, 31)
"""Month and day that the published reports speak of, a working day in all three years."""

_HEADINGS = (
    "code",
    "name",
    "council",
    "phase",
    "pm",
    "start",
    "forecast_end",
    "budget",
    "description",
    "category",
    "year_budget_gbp_m",
    "year_forecast_gbp_m",
)


@dataclass(frozen=True)
class Published:
    """One yearly report on one project, as published; the texts stripped at both ends."""

    year: int
    code: str
    name: str
    department: str
    category: str
    rating: str
    description: str
    why: str
    start: str
    end: str
    schedule: str
    year_budget: str
    year_forecast: str
    whole_life_cost: str
    budget: str


@dataclass(frozen=True, order=True)
class Mend:
    """Something that had to be mended to get a published report into the bot."""

    what: str
    year: int
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Manager:
    """A made-up project manager."""

    user: str
    """The name in Slack, and the local part of the address."""
    name: str
    timezone: str

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.user}@{DOMAIN}"


def read_published(path: Path = DATA) -> tuple[Published, ...]:
    """Read the published reports, by year and code."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{name: text.strip() for name, text in row.items()} for row in csv.DictReader(file)]
    return tuple(sorted((_published(row) for row in rows), key=attrgetter("year", "code")))


def _published(row: Mapping[str, str]) -> Published:
    return Published(
        year=int(row["report_year"]),
        code=row["project_id"].upper(),
        name=row["project_name"],
        department=row["department"],
        category=row["category"],
        rating=row["delivery_confidence"],
        description=row["description"],
        why=row["rating_commentary"],
        start=row["start_date"],
        end=row["end_date"],
        schedule=row["schedule_commentary"],
        year_budget=row["year_budget_gbp_m"],
        year_forecast=row["year_forecast_gbp_m"],
        whole_life_cost=row["whole_life_cost_gbp_m"],
        budget=row["budget_commentary"],
    )


def rating_word(published: str) -> str | None:
    """The word of the scale that a PM would choose for a published rating; None for none."""
    return next((word for word in SCALE if word.casefold() == published.casefold()), None)


def answers_of(report: Published) -> dict[str, str | None]:
    """What the PM puts into the form; what was left empty is cleared there, too."""
    return {
        "health": rating_word(report.rating),
        "why": report.why or (NOT_PUBLISHED if _needs_why(report) else None),
        "done": report.schedule or None,
        "risks": report.budget or None,
        "path_to_green": NOT_PUBLISHED if rating_word(report.rating) == "Red" else None,
        "cost_forecast": pounds(report.whole_life_cost) or None,
    }


def mends_of(report: Published) -> Iterator[Mend]:
    """What has to be mended to bring a report into the bot, or is missing in it."""
    word = rating_word(report.rating)
    if word == "Red":
        yield Mend("path to green typed as 'Not published.'", report.year, report.code)
    if _needs_why(report):
        yield Mend("why typed as 'Not published.'", report.year, report.code, report.rating)
    if word and word != report.rating:
        yield Mend(f"'{report.rating}' chosen as '{word}'", report.year, report.code)
    if not word:
        yield Mend("not rated: health left empty", report.year, report.code)
    if _ends_too_early(report):
        detail = f"{report.start} to {report.end}"
        yield Mend("end before the start: end left empty", report.year, report.code, detail)
    for name in ("start", "end", "description", "whole_life_cost"):
        if not getattr(report, name):
            words = name.replace("_", " ")
            yield Mend(f"{words} not published: left empty", report.year, report.code)


def _needs_why(report: Published) -> bool:
    """The configuration requires a text from everybody, rated or not."""
    return not report.why


def pounds(millions: str) -> str:
    """An amount in pounds, as the portfolio file and the form take it."""
    return f"{(Decimal(millions) * MILLION).quantize(Decimal(1)):f}" if millions else ""


class Portfolio:
    """The published reports, with all that a workspace needs around them."""

    def __init__(self, reports: Iterable[Published]) -> None:
        self.reports = tuple(reports)
        self.years = tuple(sorted({each.year for each in self.reports}))
        self.departments = tuple(sorted({each.department for each in self.reports}))

    def of_year(self, year: int) -> tuple[Published, ...]:
        """What was reported in one year, by code."""
        return tuple(each for each in self.reports if each.year == year)

    @cached_property
    def managers(self) -> Mapping[str, Manager]:
        """The PM of each project: one for every few projects of its first department."""
        zones = cycle(ZONES)
        managers: dict[str, Manager] = {}
        for department, codes in self._first_departments().items():
            for number, start in enumerate(range(0, len(codes), PROJECTS_PER_MANAGER), start=1):
                user = f"{slug(department)}-{number}"
                manager = Manager(user, f"{department} manager {number}", next(zones))
                mine = codes[start : start + PROJECTS_PER_MANAGER]
                managers |= dict.fromkeys(mine, manager)
        return managers

    def _first_departments(self) -> dict[str, list[str]]:
        """The projects by the department that they first reported to."""
        first: dict[str, str] = {}
        for report in self.reports:
            first.setdefault(report.code, report.department)
        return {
            department: sorted(code for code in first if first[code] == department)
            for department in self.departments
        }

    def known_in(self, year: int) -> list[Published]:
        """The last report up to a year on each project: what its portfolio file is made from."""
        newest = {each.code: each for each in self.reports if each.year <= year}
        return list(newest.values())

    def portfolio_file(self, year: int, rows: Iterable[Published]) -> str:
        """The portfolio file of one year; who does not report in it is not to be asked."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_HEADINGS)
        for row in rows:
            phase = ASKED if row.year == year else NOT_ASKED
            writer.writerow(
                [
                    *(row.code, row.name, row.department, phase, self.managers[row.code].email),
                    *(row.start, row.end, pounds(row.whole_life_cost), row.description),
                    *(row.category, row.year_budget, row.year_forecast),
                ]
            )
        return out.getvalue()

    def configuration_file(self) -> str:
        """The configuration: one council a department, reporting once a year."""
        out = io.StringIO()
        month, day = ASK_DAY
        reporting = {
            "every": f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}",
            "first": date(self.years[0], month, day).isoformat(),
            "ask_at": "09:00",
            "cut_off": "+2d 15:00",
            "digest": "+3d 08:00",
            "freeze": "+4d 12:00",
        }
        document = {
            "timezone": "Europe/London",
            "holidays": {"country": "GB", "subdivision": "ENG"},
            "pmo": {"channel": "pmo-office", "members": [f"pmo@{DOMAIN}"]},
            "councils": [
                {
                    "name": department,
                    "channel": slug(department),
                    "chair": f"{slug(department)}-chair@{DOMAIN}",
                    "members": [f"{slug(department)}-chair@{DOMAIN}"],
                    "reporting": dict(reporting),
                }
                for department in self.departments
            ],
            "phases": [{"name": ASKED}, {"name": NOT_ASKED, "asked": False}],
            "form": {"required": ["why"], "scale": list(SCALE)},
        }
        YAML().dump(document, out)
        return out.getvalue()


def with_fitting_dates(report: Published) -> Published:
    """Without an end that lies before the start, which the import refuses; no date is invented."""
    return replace(report, end="") if _ends_too_early(report) else report


def _ends_too_early(report: Published) -> bool:
    return bool(report.start and report.end) and report.end < report.start


def slug(department: str) -> str:
    """The name of a department's channel, and the beginning of its people's names in Slack."""
    return re.sub(r"[^a-z0-9]+", "-", department.casefold()).strip("-")


def is_between(rating: str) -> bool:
    """Whether a rating lies between two colours: `Amber/Green`, in any spelling."""
    return bool(rating) and health_of(rating)[1] != ""
