"""A made-up workspace of any size: one council, and for each PM one project that is asked today."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.common import bot_settings
from bot import schema
from bot.trial import open_trial
from demo.control import ControlClient
from domain.calendar.rules import WORKING_WEEK
from models.base import Database

CHANNEL = "council"
DOMAIN = "office.example"


def user_of(number: int) -> str:
    """The name of a PM in Slack."""
    return f"pm{number}"


def code_of(number: int) -> str:
    """The code of the one project of a PM."""
    return f"P{number:05d}"


async def prepare(control: ControlClient, url: str, folder: Path, people: int) -> str:
    """Fill an empty sandbox and a new database, with every PM asked; gives the database's URL.

    The clock of the workspace is real again afterwards.
    """
    database_url = f"sqlite:///{folder}/pmobot.sqlite3"
    await _migrate(database_url)
    await _seed(control, people)
    day = _last_working_day(datetime.now(UTC))

    async def follow(instant: datetime) -> None:
        await control.post("/clock", {"set": instant.isoformat(), "running": False})

    async with open_trial(bot_settings(f"{url}/api/", database_url), day, follow) as trial:
        services, now = trial.core.services, trial.clock.now()
        configuration = folder / "pmobot.yaml"
        configuration.write_text(_configuration(day), encoding="utf-8")
        applied = await services.configure.apply_file(configuration, now=now, actor="benchmark")
        portfolio = folder / "portfolio.csv"
        portfolio.write_text(_portfolio(people), encoding="utf-8")
        imported = await services.imports.import_file(portfolio, now=now, actor="benchmark")
        if problems := [*applied.problems, *imported.problems]:
            raise RuntimeError("\n".join(map(str, problems)))
        await trial.set_time(day + timedelta(minutes=1))
        await trial.settle()
    await control.post("/clock", {"reset": True})
    return database_url


def _last_working_day(now: datetime) -> datetime:
    """The midnight before the last Monday to Friday that is over: nobody is asked at a weekend."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    while day.weekday() not in WORKING_WEEK:
        day -= timedelta(days=1)
    return day


async def _migrate(database_url: str) -> None:
    database = Database(database_url)
    await schema.upgrade(database)
    await database.close()


async def _seed(control: ControlClient, people: int) -> None:
    bot = (await control.get("/state"))["bot_user_id"]
    names = [user_of(number) for number in range(people)]
    for name in [*names, "chair"]:
        email = f"{name}@{DOMAIN}"
        await control.post("/users", {"name": name, "real_name": name, "email": email, "tz": "UTC"})
    await control.post("/channels", {"name": CHANNEL, "members": [*names, "chair", bot]})


def _configuration(day: datetime) -> str:
    return f"""\
timezone: UTC
councils:
  - name: Council
    channel: {CHANNEL}
    chair: chair@{DOMAIN}
    members: [chair@{DOMAIN}]
    reporting:
      every: FREQ=YEARLY;BYMONTH={day.month};BYMONTHDAY={day.day}
      first: {day.date()}
      ask_at: "00:00"
      cut_off: "+5d 15:00"
      digest: "+6d 08:00"
"""


def _portfolio(people: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["code", "name", "council", "pm", "start", "baseline_end", "budget"])
    for number in range(people):
        dates = ("2026-01-05", "2027-06-30")
        email = f"{user_of(number)}@{DOMAIN}"
        writer.writerow([code_of(number), f"Project {number}", "Council", email, *dates, "1000000"])
    return out.getvalue()
