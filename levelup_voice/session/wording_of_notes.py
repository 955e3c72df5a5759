"""Small things as the notes write them, in digits: dates, clock times, lengths. What is said aloud is in wording.py."""

from collections.abc import Iterable

from . import timing, wording
from .catalogue import Catalogue
from .local_date import local_date
from .plan import Seconds
from .prose import Spoken
from .state import Session, Trouble


def date(words: Catalogue, session: Session) -> str:
    """ "donderdag 19 november 2026"; empty when it is not known."""
    found = local_date(session.opened)
    if found is None:
        return ""
    return words.text(
        "notes.date",
        weekday=words.text("notes.weekdays").split()[found.weekday],
        day=found.day,
        month=words.text("notes.months").split()[found.month - 1],
        year=found.year,
    )


def clock(words: Catalogue, session: Session, at: Seconds) -> str:
    """ "10:05": the time of day of a moment, to the nearest minute."""
    hour, minute = divmod(round(timing.of_day(session, at) / 60) % (24 * 60), 60)
    return words.text("notes.clock", hour=f"{hour:02d}", minute=f"{minute:02d}")


def period(words: Catalogue, session: Session, start: Seconds, end: Seconds) -> str:
    return words.text("notes.period", start=clock(words, session, start), end=clock(words, session, end))


def minutes(words: Catalogue, seconds: Seconds) -> str:
    """ "15 min"; less than a minute in seconds, so that nothing ever took 0 minutes."""
    if 0 < seconds < 60:
        return words.text("notes.seconds", count=round(seconds))
    return words.text("notes.minutes", count=round(seconds / 60))


def length(words: Catalogue, seconds: Seconds) -> str:
    """ "0:31": of a recording, or a moment in it; whole seconds, as players show them."""
    whole = int(seconds)
    return words.text("notes.length", minutes=whole // 60, seconds=f"{whole % 60:02d}")


def lost(words: Catalogue, trouble: Trouble) -> str:
    """What went wrong with a device; some of it by its problem."""
    device, problem = trouble.device.replace("-", "_"), trouble.problem.replace("-", "_")
    known = f"notes.lost.{device}_{problem}"
    return words.text(known if known in words.texts else f"notes.lost.{device}")


def listen_word(words: Catalogue, word: Spoken) -> str:
    """ "“drempel” (0:12)": where to hear what was not heard well."""
    return words.text("notes.listen_word", word=word.text, moment=length(words, word.start))


def groups(words: Catalogue, numbers: Iterable[int]) -> str:
    """ "Groep 1 en 5"; empty for none."""
    names = [str(number) for number in sorted(numbers)]
    if not names:
        return ""
    if len(names) == 1:
        return words.text("notes.group", group=names[0])
    return words.text("notes.groups", groups=wording.listed(words, names))


def listed(words: Catalogue, numbers: Iterable[int]) -> str:
    """ "1 en 5". Of at least one."""
    return wording.listed(words, [str(number) for number in sorted(numbers)])
