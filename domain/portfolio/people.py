"""Who is who: the people of the workspace as the bot knows them, and as Slack does."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotAllowedError, NotFoundError
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import Viewer
from domain.ports import Directory, SlackUser
from models.base import Database
from models.portfolio import (
    Person,
    PersonFacts,
    council_ids_of,
    people_by_slack_id,
    people_of,
    person_and_zone,
    store_people,
    stored_person_and_zone,
)

_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")


Hear = Callable[[Sequence[SlackUser]], Awaitable[object]]


async def _nobody(_users: Sequence[SlackUser]) -> None:
    """Hear nothing."""


class Roster:
    """Everybody in the Slack workspace, found by what a file calls them."""

    def __init__(self, users: Iterable[SlackUser]) -> None:
        # An address may have been given on from a closed account: the living one comes last.
        ordered = sorted(users, key=lambda user: not user.is_gone)
        self._by_id = {user.slack_id: user for user in ordered}
        self._by_email = {user.email.casefold(): user for user in ordered if user.email}
        self._causes: dict[str, str] = {}

    def find(self, text: str) -> SlackUser:
        """The person of an e-mail address or a Slack id; guests too.

        Raises:
            ValueError: there is no such person, or they can't do anything; with the cure.
        """
        user = self._by_id.get(text) or self._by_email.get(text.casefold())
        if user is None:
            raise ValueError(self._cause(text))
        if user.is_bot:
            msg = f"'{text}' is a bot; name a person"
            raise ValueError(msg)
        if user.is_gone:
            msg = f"{user.name} ('{text}') has left Slack; name somebody who is there"
            raise ValueError(msg)
        return user

    def find_member(self, text: str) -> SlackUser:
        """The person of an e-mail address or a Slack id, for a role that guests can't have.

        Raises:
            ValueError: as `find`, or the person is a guest.
        """
        user = self.find(text)
        if user.is_guest:
            msg = (
                f"{user.name} ('{text}') is a guest in Slack and may see only projects that they "
                "have a role in; make them a full member in Slack, or name somebody else"
            )
            raise ValueError(msg)
        return user

    def _cause(self, text: str) -> str:
        """Why nobody is found; remembered, because a file repeats its mistakes."""
        if text not in self._causes:
            self._causes[text] = self._why_unknown(text)
        return self._causes[text]

    def _why_unknown(self, text: str) -> str:
        if _SLACK_ID.fullmatch(text):
            return f"Slack knows nobody with the id '{text}'; copy it from the person's profile"
        if "@" not in text:
            return f"'{text}' is no e-mail address and no Slack id; write one of these"
        if not self._by_email:
            return (
                f"'{text}' can't be looked up, because Slack shows the bot no e-mail addresses; "
                "give the app the scope users:read.email, or write Slack ids"
            )
        guess = did_you_mean(text, self._by_email)
        return (
            f"nobody in Slack has the e-mail address '{text}'.{guess} "
            "Check the spelling, or invite the person to the workspace"
        )


def person_facts(user: SlackUser) -> PersonFacts:
    """What is stored of what Slack says."""
    return PersonFacts(
        slack_id=user.slack_id,
        email=user.email,
        name=user.name,
        timezone=user.timezone,
        is_guest=user.is_guest,
        is_gone=user.is_gone,
    )


async def store_users(
    session: AsyncSession, workspace_id: int, users: Sequence[SlackUser]
) -> dict[str, Person]:
    """Store people as Slack knows them; gives everybody known, by Slack id."""
    await store_people(session, workspace_id, [person_facts(user) for user in users])
    return {person.slack_id: person for person in await people_of(session, workspace_id)}


class PeopleService:
    """Tells who somebody is that looks or acts."""

    def __init__(
        self,
        database: Database,
        workspace_id: int,
        directory: Directory,
        hear: Hear = _nobody,
    ) -> None:
        """Make one.

        Args:
            database: where the record is.
            workspace_id: whose people.
            directory: Slack's.
            hear: hears of everybody whom Slack has told about, changed or not.
        """
        self._database = database
        self._workspace_id = workspace_id
        self._directory = directory
        self._hear = hear

    async def viewer(self, slack_id: str) -> Viewer | None:
        """Somebody that the bot knows, from its own record alone: two short reads."""
        async with self._database.reading() as session:
            known = await person_and_zone(session, self._workspace_id, slack_id)
            return None if known is None else await _viewer(session, *known)

    async def learn(self, slack_id: str) -> Viewer:
        """Somebody as Slack knows them now, stored: for people not met before.

        Raises:
            NotFoundError: Slack knows nobody of that id.
            NotAllowedError: it is a bot.
        """
        user = await self._directory.user(slack_id)
        if user is None:
            msg = f"Slack knows nobody with the id '{slack_id}'."
            raise NotFoundError(msg)
        if user.is_bot:
            msg = "Bots can't use pmobot; a person of the workspace can."
            raise NotAllowedError(msg)
        async with self._database.writing() as session:
            await store_people(session, self._workspace_id, [person_facts(user)])
            stored = await stored_person_and_zone(session, self._workspace_id, slack_id)
            return await _viewer(session, *stored)

    async def refresh(self, users: Sequence[SlackUser]) -> int:
        """Bring people whom the bot knows to what Slack says now; how many had changed.

        Whoever is not known stays so: the bot learns of people when they have to do with it.
        """
        ids = [user.slack_id for user in users]
        async with self._database.reading() as session:
            known = await people_by_slack_id(session, self._workspace_id, ids)
        now = {user.slack_id: user for user in users if user.slack_id in known}
        changed = [
            facts
            for slack_id, user in now.items()
            if (facts := _kept(user, known[slack_id])) != _stored(known[slack_id])
        ]
        if changed:
            async with self._database.writing() as session:
                await store_people(session, self._workspace_id, changed)
        await self._hear(list(now.values()))
        return len(changed)

    async def refresh_all(self) -> int:
        """Ask Slack about everybody that the bot knows; how many had changed.

        Raises:
            DeliveryTrouble: Slack can't be asked.
        """
        users = {user.slack_id: user for user in await self._directory.users()}
        async with self._database.reading() as session:
            known = await people_of(session, self._workspace_id)
        for person in known:
            if person.slack_id not in users:
                # A list has the workspace's own people; somebody of a shared channel is asked for.
                users[person.slack_id] = await self._alone(person)
        return await self.refresh(list(users.values()))

    async def _alone(self, person: Person) -> SlackUser:
        """Somebody whom no list has; gone if Slack knows nobody of that id any more."""
        found = None if person.is_gone else await self._directory.user(person.slack_id)
        return found or SlackUser(
            slack_id=person.slack_id,
            name=person.name,
            email=person.email,
            timezone=person.timezone,
            is_guest=person.is_guest,
            is_gone=True,
        )


def _kept(user: SlackUser, person: Person) -> PersonFacts:
    """What Slack says now, with what it does not say of somebody any more.

    It leaves out the zone of people who left, and all addresses if the app may not read them.
    """
    facts = person_facts(user)
    zone = person.timezone if user.is_gone else user.timezone
    return replace(facts, email=user.email or person.email, timezone=zone)


def _stored(person: Person) -> PersonFacts:
    return PersonFacts(
        slack_id=person.slack_id,
        email=person.email,
        name=person.name,
        timezone=person.timezone,
        is_guest=person.is_guest,
        is_gone=person.is_gone,
    )


async def _viewer(session: AsyncSession, person: Person, zone: str) -> Viewer:
    return Viewer(
        person_id=person.pk,
        slack_id=person.slack_id,
        name=person.name,
        timezone=person.timezone or zone,
        is_pmo=person.is_pmo,
        is_guest=person.is_guest,
        council_ids=await council_ids_of(session, person.pk),
        is_gone=person.is_gone,
    )
