"""Minutes are drafted from the record as soon as a meeting is closed."""

from domain.meetings.minutes.errands import DraftMinutes
from domain.meetings.minutes.saying import MinutesSayer
from domain.meetings.minutes.values import MinutedAction
from tests.support.meeting import Secretary
from tests.support.minuting import HOUR, drafted, held


async def test_a_closed_meeting_has_its_draft_at_once_with_all_that_the_record_knows(
    secretary: Secretary,
) -> None:
    secretary.errands.append(DraftMinutes(MinutesSayer(secretary.outbox)))
    meeting = await held(secretary)
    await secretary.run(meeting.starts_at + HOUR)
    (minutes,) = await drafted(secretary, meeting)
    assert (minutes.chair, minutes.ended_at - minutes.starts_at) == ("Carol", HOUR)
    assert [(each.name, each.alternate) for each in minutes.present] == [
        ("Carol", ""),
        ("Omar", "Ana"),
    ]
    assert [each.name for each in minutes.apologies] == ["Ben"]
    assert [(each.name, each.is_voting) for each in minutes.absent] == [("Sam", False)]
    assert (minutes.seats_taken, minutes.seats_needed, minutes.had_quorum) == (2, 2, True)
    assert [each.title for each in minutes.items] == ["Buy the lidar", "Budget 2027"]
    assert minutes.items[0].note == "Two offers."
    assert [each.ref for each in minutes.all_decisions] == ["D-3", "D-4"]
    assert minutes.items[0].decisions[0].dissent == "Omar: too dear"
    assert minutes.actions == (
        MinutedAction(
            "A-7",
            "Get a third offer",
            "Ana",
            meeting.starts_at.date(),
            decision="D-3",
            is_condition=True,
            project_id=minutes.items[0].project_id,
            code="APOLLO",
        ),
    )
    assert minutes.next_at is not None
    assert minutes.next_at > minutes.ended_at
