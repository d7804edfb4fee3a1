"""The meeting of the story, as its council held it over the wire: called, run, closed, minuted."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from demo.control import ControlClient
from demo.member import DM, Member
from demo.story import iso_day, with_days

HELD = timedelta(days=-21)
"""From the running ask day; the same day of the week, so that it is never a weekend."""
_CALL_DAYS = 2
"""Working days from the call to the meeting; it and the hours as in the sample's configuration."""
_CALL_AT, _ANSWER_AT, _BEGINS_AT = time(9), time(9, 30), time(14)
_BUTTON_BEFORE = timedelta(minutes=15)
"""When the chair gets the button that opens the meeting."""
_MONDAY_TO_FRIDAY = 5

Act = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Meeting:
    """What the story tells of one meeting, and what is needed to hold it."""

    told: Mapping[str, Any]
    anchor: date
    zone: ZoneInfo
    control: ControlClient
    settle: Callable[[], Awaitable[None]]
    user_ids: Mapping[str, str]
    """Slack's ids, by people's names."""

    @property
    def day(self) -> date:
        """The day of the meeting."""
        return self.anchor + HELD

    def steps(self) -> Iterator[tuple[datetime, Act | None]]:
        """Who does what at which instant; without an act where the bot does something by itself."""
        call = _working_days_before(self.day, _CALL_DAYS)
        yield self._at(call, _CALL_AT), None
        yield self._at(call, _ANSWER_AT), self._answer_the_call
        begins = self._at(self.day, _BEGINS_AT)
        yield begins - _BUTTON_BEFORE, None
        for step in self.told["course"]:
            yield begins + timedelta(minutes=step["minute"]), self._act(step)

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)

    async def _answer_the_call(self) -> None:
        for name in self.told["reads"]:
            await self._member(name).press(self.told["channel"], "Open the pack")
        for name, said in self.told["comes"].items():
            await self._member(name).press(self.told["channel"], said)
        for name, reason in self.told["apologies"].items():
            await self._member(name).fill(
                self.told["channel"], "Can't come", "", {"reason": reason}
            )

    def _act(self, step: Mapping[str, Any]) -> Act:
        async def act() -> None:
            place = DM if step.get("direct") else self.told["channel"]
            member, about = self._member(step["who"]), step.get("about", "")
            if "fields" in step:
                await member.fill(place, step["press"], about, self._fields(step["fields"]))
            else:
                await member.press(place, step["press"], about)

        return act

    def _fields(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """What is filled in: days counted from the meeting's, people by their Slack ids."""
        filled = {}
        for name, value in fields.items():
            text = iso_day(value, self.day) if isinstance(value, int) else value
            filled[name] = self.user_ids[text] if name == "owner" else with_days(text, self.day)
        return filled

    def _member(self, name: str) -> Member:
        return Member(self.control, self.settle, name)


def _working_days_before(day: date, count: int) -> date:
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < _MONDAY_TO_FRIDAY
    return day
