"""`python -m tests.whole.commands_checked [NAME]`: asks for three commands as the room check does, only not aloud."""

import json
import sys
from typing import Any

from levelup_voice.audio.levels import Level
from levelup_voice.cli.spoken_check import check_commands
from levelup_voice.cli.wiring import SoundChoices
from levelup_voice.files.catalogue import load_catalogue


def tell(**line: Any) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201 - whoever started us reads it


if __name__ == "__main__":
    nl = load_catalogue("nl")
    check_commands(
        nl,
        nl,
        SoundChoices(microphone="virtmic", test_model=True, wake_name=sys.argv[1] if sys.argv[1:] else None),
        Level(-65.0, -70.0),
        lambda text: tell(said=text),
        lambda subject, well, text: tell(subject=subject, well=well, text=text),
    )
