"""The garbage collector of the running bot."""

import gc
from collections.abc import Iterator

import pytest

from bot import memory


@pytest.fixture
def collector() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


@pytest.mark.usefixtures("collector")
def test_what_start_up_made_is_left_out_of_later_collections() -> None:
    made = [object()]
    memory.settle()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] == memory.NEW_OBJECTS
    assert not any(each is made for each in gc.get_objects())
