"""Who it is that Slack speaks of."""

from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer


async def who(people: PeopleService, slack_id: str) -> Viewer:
    """The person behind a Slack id; asks Slack only for somebody never met before."""
    return await people.viewer(slack_id) or await people.learn(slack_id)
