"""What the screen and the plain lines say in the same words."""

from levelup_voice.session import wording
from levelup_voice.session.catalogue import Catalogue
from levelup_voice.session.plan import Seconds
from levelup_voice.session.view import ChoiceView, SummaryView

from .figures import clean, minutes_seconds


def lateness(behind: Seconds, words: Catalogue) -> str:
    """ "2:10 achter op schema"; within half a minute we are on time."""
    if abs(behind) < 30:
        return words.text("screen.on_time")
    return words.text("screen.behind" if behind > 0 else "screen.ahead", time=minutes_seconds(behind))


def purpose(purpose: str, group: int, words: Catalogue) -> str:
    """What a recording is of: "groep 3"."""
    return words.text(f"screen.purpose.{purpose}", group=group)


def summary_line(summary: SummaryView, words: Catalogue, key: str = "screen.summary") -> str:
    """A recording that was made: its number, what it is of, and what was heard or how far that is."""
    what = purpose(summary.purpose, summary.group, words)
    if summary.take > 1:
        what = words.text("screen.summary_take", what=what, take=summary.take)
    heard = clean(summary.text) if summary.state == "ready" else ""
    return words.text(
        key, number=summary.number + 1, what=what, text=heard or words.text(f"screen.state.{summary.state}")
    )


def trouble_line(device: str, problem: str, words: Catalogue) -> str:
    """What is wrong with a device."""
    return clean(wording.trouble(words, device, problem))


def chosen_line(choice: ChoiceView, words: Catalogue) -> str:
    """Which microphone or loudspeaker is used."""
    device = words.capitalised(wording.device_name(words, choice.device, choice.which))
    return words.text("screen.chosen", device=device, name=clean(wording.device_used(words, choice.used)))
