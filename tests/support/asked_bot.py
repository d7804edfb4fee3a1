"""`pmobot run` at an instant of the tests' choice: `python -m` this INSTANT, as a process.

Settings are read from the environment, and signals are heard, as the command does.
"""

import asyncio
import sys
from datetime import datetime

from bot.cli import run_until_stopped
from bot.trial import ManualClock

if __name__ == "__main__":
    asyncio.run(run_until_stopped(ManualClock(datetime.fromisoformat(sys.argv[1]))))
