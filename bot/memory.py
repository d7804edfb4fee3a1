"""How the running bot collects garbage: seldom, and without what start-up has made."""

import gc

NEW_OBJECTS = 10_000
"""So many new objects start a collection; Python's default is 700."""


def settle() -> None:
    """Leave all that exists by now out of later collections, and collect less often.

    Libraries and tables are some hundred thousand objects that live as long as the bot does.
    Looked through again and again, they cost three quarters of the time that a digest of ten
    thousand projects takes, and every so often an acknowledgement waits for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
