"""Pure decisions of the room: who may see and report, and who wins between the file and Slack."""

from collections.abc import Mapping

from domain.portfolio.values import Merge, ProjectFacts, Viewer
from models.enums import Visibility


def has_role(viewer: Viewer, project: ProjectFacts) -> bool:
    """Whether the person is the project's manager, deputy or sponsor."""
    return viewer.person_id in (project.pm_id, project.deputy_id, project.sponsor_id)


def may_see(viewer: Viewer, project: ProjectFacts) -> bool:
    """Whether the project exists for this person.

    A guest sees only projects that they have a role in, whatever else the record says of them:
    somebody on a council may become a guest in Slack later.
    """
    is_hidden = viewer.is_among_others and project.visibility is not Visibility.OPEN
    if viewer.is_gone or is_hidden:
        return False
    if has_role(viewer, project):
        return True
    if viewer.is_guest:
        return False
    return (
        viewer.is_pmo
        or project.visibility is Visibility.OPEN
        or project.council_id in viewer.council_ids
    )


def belongs_to_pmo(viewer: Viewer) -> bool:
    """Whether the person may do what the PMO does; a role in the file outlives an account."""
    return viewer.is_pmo and not viewer.is_guest and not viewer.is_gone


def may_report(viewer: Viewer, project: ProjectFacts) -> bool:
    """Whether the person may answer and correct the project's status reports."""
    if viewer.is_gone:
        return False
    if viewer.person_id in (project.pm_id, project.deputy_id):
        return True
    return viewer.is_pmo and not viewer.is_guest


def merge(
    in_file: Mapping[str, str], before: Mapping[str, str], stored: Mapping[str, str]
) -> Merge:
    """Decide field by field: the file wins only where the file itself changed.

    Args:
        in_file: the file's words now, for the columns that it has.
        before: the file's words at the last import; a column that is new to the file was blank.
        stored: the project as it is, in the same words.
    """
    changes: dict[str, tuple[str, str]] = {}
    conflicts: set[str] = set()
    for name, wanted in in_file.items():
        once, now = before.get(name, ""), stored.get(name, "")
        if wanted in (now, once):
            continue
        changes[name] = (now, wanted)
        if now != once:
            conflicts.add(name)
    return Merge(changes=changes, conflicts=frozenset(conflicts))
