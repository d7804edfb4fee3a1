"""Which council somebody means by what they type."""

import pytest

from domain.errors import NotFoundError
from domain.meetings.access import Seen, council_named
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.values import Viewer
from models.portfolio import Council


def seen(*names: str) -> Seen:
    """What somebody sees for whom some councils exist."""
    councils = tuple(
        Council(workspace_id=1, name=each, channel_id="C1", channel_name="c") for each in names
    )
    viewer = Viewer(1, "U1", "Erik", "UTC")
    return Seen(viewer, WorkspaceConfiguration.model_construct(), councils, frozenset(), str)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("it", "Several councils begin with 'it': ITS Board, ITS Council. Write one of these"),
        ("xyz", "I know no council 'xyz'. There are: ITS Board, ITS Council, Steering."),
    ],
)
def test_a_name_that_means_no_one_council_is_answered_with_those_there_are(
    named: str, told: str
) -> None:
    with pytest.raises(NotFoundError, match=told):
        council_named(seen("ITS Board", "ITS Council", "Steering"), named)


def test_the_beginning_of_a_name_or_one_whole_name_of_several_is_enough() -> None:
    known = seen("ITS", "ITS Council", "Steering")
    assert [each.name for each in council_named(known, "ste")] == ["Steering"]
    assert [each.name for each in council_named(known, "its")] == ["ITS"]
