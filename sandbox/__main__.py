"""The command line: `python -m sandbox --port 8765`."""

import argparse
import asyncio
import ipaddress
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.app import SandboxOptions, running_sandbox
from sandbox.manifest import AppConfig, ManifestError, default_config, read_manifest
from sandbox.state import StateFileError
from sandbox.tokens import Tokens

DEFAULT_PORT = 8765
EPILOG = """\
Point an app at it with SLACK_API_BASE_URL=http://127.0.0.1:8765/api/, any token that begins with
xoxb- and, for Socket Mode, any that begins with xapp-. The page is at http://127.0.0.1:8765/.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the sandbox until it is interrupted; return the exit code."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if not (_is_loopback(arguments.host) or arguments.unsafe_host):
        parser.error(
            f"--host {arguments.host} can be reached from other machines, and the sandbox has no "
            "password; add --unsafe-host if that is what you want"
        )
    if arguments.events_url and not arguments.signing_secret:
        parser.error("--events-url needs --signing-secret (the app checks the signature with it)")
    try:
        options = _options(arguments)
        asyncio.run(_serve(arguments, options))
    except (ManifestError, StateFileError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Cannot listen on {arguments.host}:{arguments.port}: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A local Slack workspace: Web API, Socket Mode or signed HTTP, and a web page.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    place = parser.add_argument_group("where it listens")
    place.add_argument("--port", type=int, default=DEFAULT_PORT, help="default: %(default)s")
    place.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    place.add_argument(
        "--unsafe-host", action="store_true", help="allow a --host that others can reach"
    )
    place.add_argument(
        "--state", type=Path, metavar="FILE", help="keep people, channels and messages in FILE"
    )
    place.add_argument(
        "--end-with-input",
        action="store_true",
        help="stop when standard input ends: with whoever started this, however that ends",
    )
    app = parser.add_argument_group("the app under test")
    app.add_argument(
        "--manifest",
        type=Path,
        metavar="FILE",
        help="take scopes, events, commands and shortcuts from an app manifest (JSON)",
    )
    app.add_argument("--scopes", default="", help="granted scopes, with commas; default: all")
    app.add_argument(
        "--command",
        action="append",
        default=[],
        metavar="/NAME",
        help="a slash command of the app (repeatable); default: any",
    )
    app.add_argument("--bot-name", default="pmobot", help="default: %(default)s")
    app.add_argument("--bot-token", default="", help="the only bot token accepted; default: any")
    app.add_argument("--app-token", default="", help="the only app token accepted; default: any")
    app.add_argument("--events-url", default="", help="post events there; default: Socket Mode")
    app.add_argument("--signing-secret", default="", help="signs what goes to --events-url")
    app.add_argument(
        "--rate-limits", action="store_true", help="apply Slack's rate limits, strictly"
    )
    return parser


def _options(arguments: argparse.Namespace) -> SandboxOptions:
    return SandboxOptions(
        config=_config(arguments),
        tokens=Tokens(bot=arguments.bot_token, app=arguments.app_token),
        events_url=arguments.events_url,
        signing_secret=arguments.signing_secret,
        rate_limits=arguments.rate_limits,
        state=arguments.state,
    )


def _config(arguments: argparse.Namespace) -> AppConfig:
    if arguments.manifest:
        return read_manifest(arguments.manifest)
    return default_config(
        name=arguments.bot_name,
        scopes=[scope.strip() for scope in arguments.scopes.split(",") if scope.strip()],
        commands=arguments.command,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _serve(arguments: argparse.Namespace, options: SandboxOptions) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop.set)
    if arguments.end_with_input:
        loop.add_reader(sys.stdin, _read_input, stop)
    async with running_sandbox(arguments.port, host=arguments.host, options=options) as sandbox:
        print(f"The page:  {sandbox.url}/")
        print(f"For an app: SLACK_API_BASE_URL={sandbox.api_base_url}", flush=True)
        await stop.wait()


def _read_input(stop: asyncio.Event) -> None:
    """Forget what comes in; at the end of it, stop."""
    if not os.read(sys.stdin.fileno(), 4096):
        asyncio.get_running_loop().remove_reader(sys.stdin)
        stop.set()


if __name__ == "__main__":
    sys.exit(main())
