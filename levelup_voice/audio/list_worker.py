"""The worker that lists the sound devices as they are now: PortAudio sees what was plugged in only when it starts."""

from dataclasses import asdict

from .devices import list_devices
from .worker import Requests


def main() -> None:
    """Answers each request with all devices; ends with its requests."""
    requests = Requests()
    for _ in requests:
        requests.answer({"devices": [asdict(device) for device in list_devices()]})


if __name__ == "__main__":
    main()
