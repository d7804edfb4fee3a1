"""How a running bot has the days ahead rehearsed: by a process of its own.

A rehearsal is seconds of work without a pause. In a thread it would still take turns with the
loop, and acknowledgements would wait.
"""

import asyncio
import logging
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from domain.errors import PmobotError, SettingsError
from domain.rehearsal.values import Rehearsal
from models.base import Database

LONGEST_SECONDS: Final = 20 * 60.0
"""What comes later finds nobody waiting: Slack takes answers for half an hour."""

MENDABLE: Final = 3
"""Exit code of an errand that failed for a cause that somebody can mend; stderr has it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Errand:
    """What `python -m bot.rehearsal` is to rehearse."""

    database_url: str
    workspace_id: int
    now: datetime
    days: int


class Rehearser:
    """Rehearses for whoever asks in Slack: one at a time."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self._url = database.url
        self._workspace_id = workspace_id
        self._turn = asyncio.Lock()

    async def rehearse(self, now: datetime, days: int) -> Rehearsal:
        """The days ahead, as they would go by the record as it is now.

        Raises:
            PmobotError: there is nothing to rehearse, or it takes too long; with the cure.
        """
        errand = Errand(self._url, self._workspace_id, now, days)
        async with self._turn:
            return TypeAdapter(Rehearsal).validate_json(await _run(errand))


async def _run(errand: Errand) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.rehearsal", stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    try:
        # By stdin: anybody on the machine can read arguments, and the address has a password.
        told = TypeAdapter(Errand).dump_json(errand)
        out, err = await asyncio.wait_for(process.communicate(told), LONGEST_SECONDS)
    except TimeoutError:
        msg = (
            f"The rehearsal of {errand.days} days takes longer than Slack waits for an answer. "
            "Ask for fewer days, or run `pmobot rehearse` where the bot runs."
        )
        raise PmobotError(msg) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == MENDABLE:
        raise SettingsError(err.decode())
    if process.returncode:
        _log.error("the rehearsal ended with code %s:\n%s", process.returncode, err.decode())
        msg = f"the rehearsal's process ended with code {process.returncode}"
        raise RuntimeError(msg)
    return out
