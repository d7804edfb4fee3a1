"""Where the app's manifest is: beside the packages in the source, under `share` once installed."""

import sys
from pathlib import Path

NAME = "slack_manifest.json"


def manifest_path() -> Path:
    """The file that says which scopes, events and commands the app has in Slack."""
    beside = Path(__file__).parent.parent / NAME
    return beside if beside.exists() else Path(sys.prefix) / "share" / "pmobot" / NAME
