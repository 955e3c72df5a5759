"""The words of one language: everything that a facilitator hears or reads, as data.

The files are content/catalogues/<language>.yaml; files/catalogue.py reads them. A text has `{places}` to fill in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .plan import Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """How the minutes `first` to `last` of an hour are said.

    `say` may use {hour}, {next_hour} (in words), {past} (minutes since the hour), {to} (minutes to the next),
    {past_half} and {to_half} (minutes after and before the half hour), all in words.
    """

    first: int
    last: int
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    language: str
    texts: Mapping[str, str]
    """By dotted key: `say.time_is_up`."""
    numbers: tuple[str, ...]
    """In words, from 0; larger ones are written in digits."""
    hours: tuple[str, ...]
    """Twelve, from twelve o'clock: as they are said in a time of day."""
    clock: tuple[ClockRule, ...]
    respell: tuple[tuple[str, str], ...] = ()
    """What our voice mispronounces, and how to write it instead; whole words, longest first."""

    def text(self, key: str, **values: object) -> str:
        """The text of this key with its places filled in. KeyError when the catalogue lacks the key."""
        return self.texts[key].format(**values)

    def number(self, count: int) -> str:
        return self.numbers[count] if 0 <= count < len(self.numbers) else str(count)

    def minutes(self, count: int) -> str:
        """ "één minuut", "vijf minuten"."""
        return self.text("unit.minute" if count == 1 else "unit.minutes", count=self.number(count))

    def seconds(self, count: int) -> str:
        return self.text("unit.second" if count == 1 else "unit.seconds", count=self.number(count))

    def duration(self, seconds: Seconds) -> str:
        """As people say it: whole minutes from a minute and a half on, below that seconds rounded to five."""
        if seconds >= 90:
            return self.minutes(round(seconds / 60))
        if round(seconds / 5) * 5 == 60:
            return self.minutes(1)
        return self.seconds(round(seconds / 5) * 5 if seconds >= 5 else round(seconds))

    def length(self, seconds: Seconds) -> str:
        """Of what is given, not of what is left: to the half minute, as a promise has to be kept."""
        if seconds == 30:
            return self.text("unit.half_minute")
        halves = round(seconds / 30)
        if halves < 3 or halves % 2 == 0:
            return self.duration(seconds)
        return self.text(
            "unit.minute_and_half" if halves == 3 else "unit.minutes_and_half", count=self.number(halves // 2)
        )

    def time_of_day(self, seconds_since_midnight: Seconds) -> str:
        """A moment as it is said: "vijf over elf"."""
        minutes = round(seconds_since_midnight / 60) % (24 * 60)
        hour, minute = divmod(minutes, 60)
        rule = next(rule for rule in self.clock if rule.first <= minute <= rule.last)
        return rule.say.format(
            hour=self.hours[hour % 12],
            next_hour=self.hours[(hour + 1) % 12],
            past=self.number(minute),
            to=self.number(60 - minute),
            past_half=self.number(minute - 30),
            to_half=self.number(30 - minute),
        )

    def capitalised(self, text: str) -> str:
        return text[:1].upper() + text[1:]
