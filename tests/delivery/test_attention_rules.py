"""What becomes of what waits for somebody: tables of cases, and what holds for any of them."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.rules import Leave, PersonalTime, WorkingDays
from domain.delivery.rules import Admission, Waiting, admit, is_counted, is_missed, midnight
from models.enums import Attention, DeliveryState, PlaceKind

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
"""A Wednesday, nine o'clock in New York; the next day is Thanksgiving."""
OFFICE = PersonalTime(
    NEW_YORK, WorkingDays("US", closures=frozenset({date(2026, 11, 27)})), (time(8), time(18))
)
DUE, WAITING, EXPIRED = DeliveryState.DUE, DeliveryState.WAITING, DeliveryState.EXPIRED
MONDAY_EIGHT = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)


def _one(
    attention: Attention, *, left: int = 3, now: datetime = NOW, expires: datetime | None = None
) -> Admission:
    (admission,) = admit([Waiting(1, attention, expires)], OFFICE, left, now)
    return admission


def test_what_comes_in_working_hours_and_within_the_budget_is_due_at_once() -> None:
    assert _one(Attention.DIGEST) == Admission(1, DUE, NOW)


def test_what_comes_at_night_waits_for_the_morning_of_the_next_day_worked() -> None:
    night = NOW + timedelta(hours=12)
    assert _one(Attention.DIGEST, now=night) == Admission(
        1,
        WAITING,
        MONDAY_EIGHT,
        "waits until Mon 30 Nov 08:00 (America/New_York): outside working hours, or quiet hours",
    )


def test_what_comes_on_a_holiday_says_so() -> None:
    thanksgiving = NOW + timedelta(days=1)
    assert _one(Attention.NOTICE, now=thanksgiving).reason == (
        "waits until Mon 30 Nov 08:00 (America/New_York): public holiday (Thanksgiving Day)"
    )


def test_what_exceeds_the_budget_waits_for_the_next_day_worked() -> None:
    assert _one(Attention.VOTE, left=0) == Admission(
        1,
        WAITING,
        MONDAY_EIGHT,
        "waits until Mon 30 Nov 08:00 (America/New_York): "
        "the day's messages are used up (attention: messages_per_day)",
    )


def test_what_is_most_important_gets_what_is_left_of_the_day() -> None:
    order = [Attention.NOTICE, Attention.DIGEST, Attention.REMINDER, Attention.ACTION]
    order += [Attention.VOTE, Attention.REQUEST]
    waiting = [Waiting(number, kind, None) for number, kind in enumerate(order)]
    admitted = [each.delivery_id for each in admit(waiting, OFFICE, 2, NOW) if each.state is DUE]
    assert admitted == [5, 4]


def test_of_the_equally_important_the_older_goes_first() -> None:
    waiting = [Waiting(number, Attention.DIGEST, None) for number in (9, 3)]
    assert [each.delivery_id for each in admit(waiting, OFFICE, 1, NOW)] == [3, 9]


@pytest.mark.parametrize(("left", "now"), [(0, NOW), (3, NOW + timedelta(hours=12))])
def test_a_request_that_would_miss_its_cut_off_goes_out_at_once(left: int, now: datetime) -> None:
    admission = _one(Attention.REQUEST, left=left, now=now, expires=MONDAY_EIGHT)
    assert (admission.state, admission.due_at) == (DUE, now)
    assert admission.reason.startswith("sent at once, for its cut-off comes before the next chance")


def test_a_request_whose_cut_off_is_later_waits_as_everything_does() -> None:
    later = MONDAY_EIGHT + timedelta(minutes=1)
    assert _one(Attention.REQUEST, left=0, expires=later).state is WAITING


def test_a_reminder_that_would_come_too_late_is_dropped_with_the_reason() -> None:
    admission = _one(Attention.REMINDER, left=0, expires=MONDAY_EIGHT)
    assert admission.state is EXPIRED
    assert admission.reason.startswith("its time would have been over before it could be said")


def test_what_is_over_is_left_to_the_sender_and_costs_no_budget() -> None:
    waiting = [Waiting(1, Attention.REQUEST, NOW), Waiting(2, Attention.DIGEST, None)]
    assert [each.state for each in admit(waiting, OFFICE, 1, NOW)] == [DUE, DUE]


def test_who_never_works_is_looked_at_again_the_next_day() -> None:
    nobody = PersonalTime(NEW_YORK, WorkingDays(weekdays=frozenset()))
    (admission,) = admit([Waiting(1, Attention.DIGEST, None)], nobody, 3, NOW)
    assert (admission.state, admission.due_at) == (WAITING, NOW + timedelta(days=1))
    assert "check the closures" in admission.reason


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", datetime(2026, 11, 25, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 25, 5, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 11, 25, 10, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_the_midnight_of_its_reader(zone: str, expected: datetime) -> None:
    assert midnight(PersonalTime(ZoneInfo(zone), WorkingDays()), NOW) == expected


def test_only_unasked_direct_messages_cost_attention() -> None:
    assert is_counted(PlaceKind.PERSON, Attention.DIGEST)
    assert not is_counted(PlaceKind.PERSON, Attention.FREE)
    assert not is_counted(PlaceKind.THREAD, Attention.DIGEST)
    assert not is_counted(PlaceKind.CHANNEL, Attention.DIGEST)


def test_a_late_reminder_and_a_late_reply_are_missed_by_nobody() -> None:
    assert is_missed(PlaceKind.PERSON, Attention.REQUEST)
    assert not is_missed(PlaceKind.PERSON, Attention.REMINDER)
    assert not is_missed(PlaceKind.THREAD, Attention.FREE)


ZONES = ("America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/Santiago", "Asia/Beirut")
HOURS = st.sampled_from([None, (time(9), time(17)), (time(22), time(6))])
QUIET = st.sampled_from([None, (time(18), time(8)), (time(12), time(13))])
COUNTED = [each for each in Attention if each is not Attention.FREE]


@st.composite
def _readers(draw: st.DrawFn) -> PersonalTime:
    first = draw(st.dates(date(2027, 3, 1), date(2027, 4, 10)))
    away = Leave(first, first + timedelta(days=draw(st.integers(0, 9))))
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1))
    return PersonalTime(
        ZoneInfo(draw(st.sampled_from(ZONES))),
        WorkingDays("US", weekdays=frozenset(weekdays)),
        draw(HOURS),
        draw(QUIET),
        draw(st.sampled_from([(), (away,)])),
    )


@st.composite
def _arrivals(draw: st.DrawFn) -> list[tuple[datetime, Waiting]]:
    """Messages with when they are said, over two weeks with a change to daylight-saving time."""
    start = datetime(2027, 3, 8, tzinfo=UTC)
    said = draw(st.lists(st.integers(0, 14 * 24 * 4), min_size=1, max_size=25).map(sorted))
    arrivals = []
    for number, quarter in enumerate(said):
        at = start + timedelta(minutes=15 * quarter)
        hours = draw(st.one_of(st.none(), st.integers(1, 120)))
        expires_at = None if hours is None else at + timedelta(hours=hours)
        arrivals.append((at, Waiting(number, draw(st.sampled_from(COUNTED)), expires_at)))
    return arrivals


class _Day:
    """The gatekeeper as it runs: whatever is due is looked at, until nothing waits any more."""

    def __init__(self, reader: PersonalTime, arrivals: list[tuple[datetime, Waiting]]) -> None:
        self.reader = reader
        self.kinds = {each.delivery_id: each for _at, each in arrivals}
        self.admitted: dict[int, Admission] = {}
        self.expired: set[int] = set()
        self._agenda = {each.delivery_id: at for at, each in arrivals}

    def play(self, budget: int) -> None:
        while self._agenda:
            now = min(self._agenda.values())
            looked_at = [self.kinds[number] for number, at in self._agenda.items() if at <= now]
            today = midnight(self.reader, now)
            spent = sum(today <= each.due_at for each in self.admitted.values())
            for each in admit(looked_at, self.reader, budget - spent, now):
                self._take(each, now)

    def _take(self, each: Admission, now: datetime) -> None:
        del self._agenda[each.delivery_id]
        expires_at = self.kinds[each.delivery_id].expires_at
        if each.state is WAITING:
            assert each.due_at > now
            assert each.reason
            self._agenda[each.delivery_id] = each.due_at
        elif expires_at is not None and expires_at <= now:
            self.expired.add(each.delivery_id)
        elif each.state is DUE:
            self.admitted[each.delivery_id] = each
        else:
            assert each.reason
            self.expired.add(each.delivery_id)


@settings(max_examples=200)
@given(reader=_readers(), arrivals=_arrivals(), budget=st.integers(1, 4))
def test_no_day_has_more_than_its_budget_and_nothing_is_lost(
    reader: PersonalTime, arrivals: list[tuple[datetime, Waiting]], budget: int
) -> None:
    day = _Day(reader, arrivals)
    day.play(budget)
    assert day.admitted.keys() | day.expired == day.kinds.keys()
    in_order = [each.due_at for each in day.admitted.values() if not each.reason]
    assert all(reader.allowed_from(at) == at for at in in_order)
    counted = Counter(at.astimezone(reader.zone).date() for at in in_order)
    assert all(count <= budget for count in counted.values())
    forced = [day.kinds[number] for number, each in day.admitted.items() if each.reason]
    assert all(each.attention is Attention.REQUEST and each.expires_at for each in forced)
