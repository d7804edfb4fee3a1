"""The parts of one running sandbox, for those who need to reach them all."""

from dataclasses import dataclass

from sandbox.acting import Acting
from sandbox.calls import CallLog
from sandbox.delivery import Delivery
from sandbox.faults import Faults
from sandbox.signed_http import SignedHttp
from sandbox.socket_mode import SocketHub
from sandbox.state import StateFile
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class Parts:
    """Everything that one sandbox consists of."""

    workspace: Workspace
    acting: Acting
    delivery: Delivery
    sockets: SocketHub
    http: SignedHttp | None
    calls: CallLog
    faults: Faults
    state: StateFile | None

    async def close_connections(self) -> None:
        """Close what would keep the server from stopping."""
        await self.sockets.close()
