"""What a person sees of a meeting, and what their windows begin with."""

from datetime import timedelta

from domain.meetings.attendance.rules import may_decide
from domain.meetings.sitting.deciding.keeping import decisions_about
from domain.meetings.sitting.moving import agenda_seen
from domain.meetings.sitting.rules import REOPENED_WITHIN
from domain.meetings.sitting.table import Table
from domain.meetings.sitting.telling import card_of, one_person
from domain.meetings.sitting.values import Acting, Deciding, OwnCard


async def own_card(table: Table) -> OwnCard:
    """A meeting, with what the person may press."""
    meeting, standing = table.meeting, table.standing
    since_end = table.now - meeting.ended_at if meeting.ended_at else timedelta.max
    return OwnCard(
        card=await card_of(table.session, table.about, one_person(table.seen), table.now),
        council_id=table.about.council.pk,
        leads=standing.leads,
        has_vote=standing.has_vote,
        is_member=standing.is_member,
        is_running=table.about.is_running,
        may_reopen=standing.leads and since_end < REOPENED_WITHIN,
    )


async def deciding_window(table: Table) -> Deciding:
    """The window of a decision: about the current item, if one is called up."""
    item = (await agenda_seen(table)).current
    made = await decisions_about(table, item.item_id if item else None)
    last = made[-1].decision if made else None
    return Deciding(
        meeting_id=table.meeting.pk,
        meeting=table.title,
        item_id=item.item_id if item else None,
        question=item.whole if item and last is None else "",
        project=item.code if item else "",
        known=len(made),
        last=f"D-{last.number}, {last.outcome}" if last and item else "",
        warning=may_decide(table.roster, table.about.settings.without_quorum) or "",
    )


async def acting_window(table: Table) -> Acting:
    """The window of an action: with the project of the current item."""
    item = (await agenda_seen(table)).current
    return Acting(
        meeting_id=table.meeting.pk,
        meeting=table.title,
        revision=table.meeting.revision,
        item=item.title if item else "",
        project=item.code if item else "",
    )
