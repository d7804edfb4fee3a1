"""How a process is asked to stop: the first signal politely, the second at once."""

import asyncio
import os
import signal

INTERRUPTED = 130
"""The exit code of what Ctrl-C has ended."""


def asked_to_stop() -> asyncio.Event:
    """An event that SIGINT or SIGTERM sets; another signal after it ends the process at once."""
    asked = asyncio.Event()

    def hear() -> None:
        if asked.is_set():
            # What is in hand is left behind as by kill -9: it is looked up at the next start.
            os._exit(INTERRUPTED)
        asked.set()

    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, hear)
    return asked
