"""Files that people choose in a form are fetched from Slack, and from nowhere else."""

import pytest

from bot.slack import SlackFiles, posting_client
from domain.errors import UnreadableError
from sandbox.app import SandboxOptions, running_sandbox
from sandbox.manifest import AppConfig
from sandbox.workspace import File

SCOPES = AppConfig().scopes


async def fetched(scopes: frozenset[str], most: int = 1_000) -> bytes:
    options = SandboxOptions(config=AppConfig(scopes=scopes))
    async with running_sandbox(options=options) as sandbox:
        workspace = sandbox.workspace
        ana = workspace.add_user("ana")
        file = File("F1", "board.ics", content=b"0123456789", user=ana.id, completed=True)
        workspace.files[file.id] = file
        files = SlackFiles(posting_client("xoxb-1", sandbox.api_base_url))
        return await files.fetch(f"{sandbox.url}/files/F1/board.ics", most)


async def test_a_file_is_fetched_as_far_as_wanted() -> None:
    assert await fetched(SCOPES | {"files:read"}) == b"0123456789"
    assert await fetched(SCOPES | {"files:read"}, most=4) == b"0123"


async def test_without_the_scope_it_is_said_what_to_grant() -> None:
    with pytest.raises(UnreadableError, match="`files:read`"):
        await fetched(SCOPES - {"files:read"})


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://elsewhere.example/board.ics", "is not in Slack, but at elsewhere.example"),
        ("http://127.0.0.1:9/files/F1/board.ics", "Slack did not send the file"),
    ],
)
async def test_the_token_goes_nowhere_else(address: str, said: str) -> None:
    files = SlackFiles(posting_client("xoxb-1", "http://127.0.0.1:9/api/"))
    with pytest.raises(UnreadableError, match=said):
        await files.fetch(address, 10)
