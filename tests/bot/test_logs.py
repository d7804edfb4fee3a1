"""The log: lines for a collector or for people, the id of what caused them, and no secret."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from typing_extensions import override

from bot import logs
from bot.logs import LogLevel, LogStyle
from bot.slack import posting_client
from sandbox.app import Running as Sandbox
from tests.support.scene import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, settings_for


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a logger of the tests' own writes as JSON."""
    stream = io.StringIO()
    log = logging.getLogger("test")
    made = logs.handler(stream, LogStyle.JSON, [SIGNING_SECRET, "short"])
    log.addHandler(made)
    log.setLevel("DEBUG")
    yield stream
    log.removeHandler(made)


LOG = logging.getLogger("test")


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_object_with_what_was_logged_beside_the_text(written: io.StringIO) -> None:
    LOG.warning("delivery %s: %s", 7, "two\nlines", extra={"delivery": 7})
    (line,) = lines(written)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "delivery 7: two\nlines",
        "delivery": 7,
        "level": "warning",
        "logger": "test",
    }


async def test_the_id_of_what_is_done_stands_in_every_line_of_it(written: io.StringIO) -> None:
    async def work(trace: str) -> None:
        logs.bind(trace=trace)
        await asyncio.sleep(0)
        assert logs.current_trace() == trace
        LOG.info("begun")
        await asyncio.create_task(go_on())
        LOG.info("of the record", extra={"trace": "stored"})

    async def go_on() -> None:
        LOG.info("went on")

    await asyncio.gather(work("a"), work("b"))
    assert logs.current_trace() == ""
    traces = sorted((line["event"], line["trace"]) for line in lines(written))
    assert traces == [
        *(("begun", "a"), ("begun", "b")),
        *(("of the record", "stored"), ("of the record", "stored")),
        *(("went on", "a"), ("went on", "b")),
    ]


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1234-Abc_d",
        "xoxe.xoxp-1-Mi0y",
        "xapp-1-A0-99",
        SIGNING_SECRET,
        "postgresql://pmobot:pa@ss/w:rd@10.0.0.1/pmobot",
        "https://hooks.slack.com/actions/T1/99/AbC",
        "wss://wss-primary.slack.com/link/?ticket=aa-bb&app_id=cc",
    ],
)
def test_a_secret_in_an_exception_does_not_reach_the_log(written: io.StringIO, secret: str) -> None:
    def fail() -> None:
        raise ConnectionError(f"no way to '{secret}' today")

    try:
        fail()
    except ConnectionError:
        LOG.exception("failed on %s", secret)
    (line,) = lines(written)
    assert "Traceback" in line["exception"]
    assert "today" in line["exception"]
    for piece in ("1234", "Mi0y", "A0-99", SIGNING_SECRET, "pa@ss", "w:rd", "AbC", "aa-bb"):
        assert piece not in written.getvalue()
    assert logs.HIDDEN in line["event"]


def test_too_short_a_secret_is_no_reason_to_hide_words(written: io.StringIO) -> None:
    LOG.info("a short text")
    assert lines(written)[0]["event"] == "a short text"


async def test_the_debug_log_of_slacks_library_has_no_token(
    written: io.StringIO, sandbox: Sandbox
) -> None:
    client = posting_client(BOT_TOKEN, sandbox.api_base_url)
    client._logger = LOG
    await client.auth_test()
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.postMessage", json={"channel": "C0", "text": BOT_TOKEN})
    LOG.debug("refused", exc_info=caught.value)
    assert "auth.test" in written.getvalue()
    assert BOT_TOKEN not in written.getvalue()


def test_a_level_that_is_off_costs_no_text(written: io.StringIO) -> None:
    class Costly:
        @override
        def __str__(self) -> str:
            raise AssertionError("made")

    LOG.setLevel("INFO")
    LOG.debug("%s", Costly())
    assert written.getvalue() == ""


@pytest.fixture
def process_log() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for each in ("bot", "domain", "handlers", "jobs", "models"):
        logging.getLogger(each).setLevel(logging.NOTSET)


@pytest.mark.usefixtures("process_log")
def test_without_a_terminal_the_whole_process_logs_json_and_libraries_warnings_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure()
    logging.getLogger("bot.x").info("ours")
    logging.getLogger("slack_sdk").info("theirs")
    logging.getLogger("slack_sdk").warning("their warning")
    told = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert told == ["ours", "their warning"]


@pytest.mark.usefixtures("process_log")
def test_debug_is_everybodys_and_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogStyle.TEXT, LogLevel.DEBUG)
    logging.getLogger("slack_sdk").debug("theirs")
    line = capsys.readouterr().err
    assert "theirs" in line
    assert "\x1b" not in line  # no colours in a file


def test_what_is_set_is_what_is_hidden() -> None:
    settings = settings_for("http://127.0.0.1:9/api/", "postgresql://u:a-password@127.0.0.1/x")
    assert set(settings.secrets) == {BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "a-password"}
