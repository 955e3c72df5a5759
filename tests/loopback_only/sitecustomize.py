"""Put on PYTHONPATH, this lets a program and all that it starts reach the computer they run on, and nothing else.

Whatever else is tried fails, and is written to the file $ONLY_LOOPBACK names.
"""

import os
import sys

_LOCAL = ("127.0.0.1", "::1", "localhost", "")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    match event, arguments:
        case ("socket.connect" | "socket.bind" | "socket.sendto", (_, (str() as host, *_))) if host not in _LOCAL:
            _refuse(event, host)
        case ("socket.getaddrinfo" | "socket.gethostbyname", (str() as host, *_)) if host not in _LOCAL:
            _refuse(event, host)
        case _:
            pass


def _refuse(event: str, host: str) -> None:
    with open(os.environ["ONLY_LOOPBACK"], "a", encoding="utf-8") as tried:
        tried.write(f"{event} {host} {sys.argv}\n")
    raise OSError(f"{event} to {host} is not allowed here")


sys.addaudithook(_watch)
