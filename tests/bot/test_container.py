"""The image and the compose file name what exists; what they do is not run here."""

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from ruamel.yaml import YAML
from typer.main import get_command

from bot import ready
from bot.cli import app
from bot.manifest import manifest_path
from bot.settings import Settings
from tests.support.scene import MANIFEST, ROOT, free_port

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMMANDS = get_command(app).commands.keys()  # type: ignore[attr-defined]

SERVICE_KEYS = {
    *("image", "build", "env_file", "environment", "command", "depends_on", "deploy", "volumes"),
    *("healthcheck", "restart", "stop_grace_period", "ports"),
}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def compose() -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")
    return read


def copied() -> list[str]:
    """What the image is made from."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [name for line in lines for name in line.split()[:-1]]


def test_what_the_image_copies_exists_and_reaches_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in copied():
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored or f"!{name}runtime.txt" in ignored
    for line in ignored:
        assert not line.startswith("!") or (ROOT / line[1:]).exists(), line


def test_the_image_has_every_package_of_the_project() -> None:
    packages = {each.parent.name for each in ROOT.glob("*/__init__.py")}
    assert packages - {"tests", "benchmarks"} <= set(copied())


def test_the_image_installs_only_what_is_pinned_by_its_hash_and_runs_as_nobody_special() -> None:
    installs = re.findall(r"pip install (.+)$", DOCKERFILE, re.MULTILINE)
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    assert not any("--editable" in line or " -e " in line for line in installs)
    last_stage = DOCKERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER pmobot$", last_stage, re.MULTILINE)
    assert last_stage.index("USER pmobot") < last_stage.index("ENTRYPOINT")


def test_the_commands_of_the_image_exist() -> None:
    entry, default, health = _commands()
    assert entry == ["pmobot"]
    assert default[0] in COMMANDS
    assert health == ["python", "-m", ready.__name__]


def _commands() -> tuple[list[str], list[str], list[str]]:
    def found(pattern: str) -> list[str]:
        (text,) = re.findall(pattern, DOCKERFILE, re.MULTILINE)
        words: list[str] = json.loads(text)
        return words

    return (
        found(r"^ENTRYPOINT (\[.+\])$"),
        found(r"^CMD (\[.+\])$"),
        found(r"^HEALTHCHECK .* CMD (\[.+\])$"),
    )


def test_the_services_are_well_formed_and_start_in_order() -> None:
    services = compose()["services"]
    assert services.keys() == {"database", "migrate", "bot"}
    for name, service in services.items():
        assert service.keys() <= SERVICE_KEYS, name
        for other, how in service.get("depends_on", {}).items():
            assert other in services
            assert how["condition"] in CONDITIONS
    waits = services["bot"]["depends_on"]
    assert waits["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert "healthcheck" in services["database"]


def test_two_replicas_run_the_image_on_postgresql() -> None:
    services = compose()["services"]
    assert services["bot"]["deploy"]["replicas"] == 2
    assert "ports" not in services["bot"]  # two could not share one of the machine's
    for name in ("migrate", "bot"):
        assert services[name]["image"] == "pmobot"
        assert (ROOT / services[name]["build"] / "Dockerfile").exists()
        assert services[name]["command"][0] in COMMANDS
        assert services[name]["env_file"] == ".env"
        assert services[name]["environment"]["DATABASE_URL"].startswith("postgresql://pmobot:")
    declared = set(compose()["volumes"])
    assert {volume.partition(":")[0] for volume in services["database"]["volumes"]} == declared


def test_the_environment_of_the_containers_is_one_that_the_bot_reads() -> None:
    known = {
        str(field.validation_alias or name).upper() for name, field in Settings.model_fields.items()
    }
    services = compose()["services"]
    given = set(services["bot"]["environment"]) | set(re.findall(r"(PMOBOT_\w+)=", DOCKERFILE))
    assert given <= known


# --- what the health check asks


@pytest.mark.parametrize("status", [200, 503])
async def test_the_health_check_says_what_readyz_says(
    status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    async def readyz(_request: web.Request) -> web.Response:
        return web.json_response({"slack": "down"}, status=status)

    served = web.Application()
    served.router.add_get("/readyz", readyz)
    async with TestServer(served, host="127.0.0.1") as server:
        assert server.port is not None
        assert await asyncio.to_thread(ready.is_ready, server.port) == (status == 200)
    assert ('{"slack": "down"}' in capsys.readouterr().err) == (status != 200)


def test_a_bot_that_does_not_answer_is_not_healthy(capsys: pytest.CaptureFixture[str]) -> None:
    assert not ready.is_ready(free_port())
    assert "nothing answers on port" in capsys.readouterr().err


# --- the manifest


def test_the_manifest_is_found_in_the_source_and_once_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert manifest_path() == MANIFEST
    monkeypatch.setattr("bot.manifest.NAME", "no_such_manifest.json")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert manifest_path() == tmp_path / "share/pmobot/no_such_manifest.json"
