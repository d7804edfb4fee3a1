"""Which councils' meetings exist for somebody, and whether they may run them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import zone_of
from domain.errors import NotAllowedError, NotFoundError
from domain.logs.record import facts_of
from domain.meetings.calendar_out.rules import open_text, secrets_in
from domain.meetings.rules import may_run, may_see_meetings
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import may_see
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import Viewer
from models.enums import Visibility
from models.meetings.queries import restricted_names
from models.portfolio import Council, ProjectRow, councils_of, project_rows_of

_ECHOED: Final = 40
_ONLY_CHAIR: Final = (
    "Only the council's chair and the PMO plan, change and cancel its meetings: ask one of them."
)


@dataclass(frozen=True)
class Seen:
    """What decides about what somebody sees."""

    viewer: Viewer
    configuration: WorkspaceConfiguration
    councils: tuple[Council, ...]
    """Those whose meetings exist for them."""
    projects: frozenset[int]
    """Those that they may see."""
    open_text: Callable[[str], str]
    """A text, or nothing if it names a project that does not exist for them."""

    def zone(self, council: Council) -> ZoneInfo:
        """In which the council's wall times count."""
        return zone_of(council.timezone, self.configuration)


async def seen_by(session: AsyncSession, workspace_id: int, viewer: Viewer) -> Seen:
    """What decides about what somebody sees of meetings."""
    rows = await project_rows_of(session, workspace_id)
    visible = [row for row in rows if may_see(viewer, facts_of(row.project))]
    near = {row.project.council_id for row in visible}
    councils = await councils_of(session, workspace_id)
    secret = secrets_in(_unseen(rows, visible))
    return Seen(
        viewer=viewer,
        configuration=await load_configuration(session, workspace_id),
        councils=tuple(each for each in councils if may_see_meetings(viewer, each.pk, near)),
        projects=frozenset(row.project.pk for row in visible),
        open_text=lambda text: open_text(text, secret),
    )


async def everybodys_text(session: AsyncSession, workspace_id: int) -> Callable[[str], str]:
    """What gives a text back as a channel may read it: nothing, if it names a restricted project.

    Councils' channels have other readers than the council; whatever stands there goes through it.
    """
    hidden = [word for pair in await restricted_names(session, workspace_id) for word in pair]
    return partial(open_text, secret=secrets_in(hidden))


def _unseen(rows: Sequence[ProjectRow], visible: Sequence[ProjectRow]) -> list[str]:
    known = {row.project.pk for row in visible}
    return [
        word
        for row in rows
        if row.project.pk not in known and row.project.visibility is Visibility.RESTRICTED
        for word in (row.project.code, row.project.name)
    ]


def council_named(seen: Seen, named: str) -> Sequence[Council]:
    """The one council of a name, or of the beginning of one.

    Raises:
        NotFoundError: there is none, several begin so, or it does not exist for them.
    """
    wanted = named.casefold().strip()
    exact = [each for each in seen.councils if each.name.casefold() == wanted]
    begun = [each for each in seen.councils if each.name.casefold().startswith(wanted)]
    found = exact or begun
    if len(found) != 1:
        raise NotFoundError(_not_one(seen, named, begun))
    return found


def _not_one(seen: Seen, named: str, begun: Sequence[Council]) -> str:
    if begun:
        names = ", ".join(each.name for each in begun)
        return (
            f"Several councils begin with '{named[:_ECHOED]}': {names}. Write one of these names."
        )
    known = [each.name for each in seen.councils]
    guess = did_you_mean(named, known) or (f" There are: {', '.join(known)}." if known else "")
    return f"I know no council '{named[:_ECHOED]}'.{guess}"


def run_by(seen: Seen, council_id: int) -> Council:
    """The council of a number, for who runs its meetings.

    Raises:
        NotAllowedError: the person is neither its chair nor of the PMO.
    """
    council = next((each for each in seen.councils if each.pk == council_id), None)
    if council is None or not may_run(seen.viewer, council.chair_id):
        raise NotAllowedError(_ONLY_CHAIR)
    return council
