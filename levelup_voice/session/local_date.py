"""The day on which a session was held, where it was held: arithmetic on its opening, without a clock."""

import calendar
from dataclasses import dataclass

from .events import SessionOpened

_NOON = 12 * 3600


@dataclass(frozen=True, slots=True)
class LocalDate:
    year: int
    month: int
    day: int

    @property
    def weekday(self) -> int:
        """0 is Monday."""
        return calendar.weekday(self.year, self.month, self.day)


def local_date(opened: SessionOpened) -> LocalDate | None:
    """The local date at opening. None when the journal does not tell it.

    The local time of day and that of UTC are less than half a day apart, or else a midnight lies between them.
    """
    try:
        year, month, day = (int(part) for part in opened.opened_utc[:10].split("-"))
        hour, minute, second = (int(part) for part in opened.opened_utc[11:19].split(":"))
        date = LocalDate(year, month, day)
        _ = date.weekday
        if not 1970 <= year < 9000:
            return None
    except ValueError:
        return None
    later = opened.opened_of_day - (hour * 3600 + minute * 60 + second)
    if later < -_NOON:
        return _next(date)
    return _previous(date) if later > _NOON else date


def _next(date: LocalDate) -> LocalDate:
    if date.day < calendar.monthrange(date.year, date.month)[1]:
        return LocalDate(date.year, date.month, date.day + 1)
    return LocalDate(date.year, date.month + 1, 1) if date.month < 12 else LocalDate(date.year + 1, 1, 1)


def _previous(date: LocalDate) -> LocalDate:
    if date.day > 1:
        return LocalDate(date.year, date.month, date.day - 1)
    year, month = (date.year, date.month - 1) if date.month > 1 else (date.year - 1, 12)
    return LocalDate(year, month, calendar.monthrange(year, month)[1])
