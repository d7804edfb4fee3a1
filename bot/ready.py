"""`python -m bot.ready`: exit code 0 if the bot on this machine is ready; for containers."""

import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

TIMEOUT_SECONDS = 4.0


def is_ready(port: int) -> bool:
    """Ask `/readyz`; what is wrong goes to standard error."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        if answer.status == HTTPStatus.OK:
            return True
        sys.stderr.write(answer.read().decode(errors="replace") + "\n")
    except (OSError, HTTPException) as error:
        sys.stderr.write(f"nothing answers on port {port}: {error}\n")
    finally:
        connection.close()
    return False


if __name__ == "__main__":
    sys.exit(0 if is_ready(int(os.environ.get("PMOBOT_PORT", "3000"))) else 1)
