"""Points in time as NEPI writes them: twenty digits, or a delay after now.

Delays are durations on the engine's monotonic clock; stamps shown to people are
timezone-aware (NEPI section 9 used naive local time and broke at clock changes, B7 and B40).
"""

from datetime import datetime

from nepishell.core.errors import BadValue
from nepishell.core.units import parse_duration

_FORMAT = "%Y%m%d%H%M%S%f"


def tsformat(date: datetime | None = None) -> str:
    """*date* (default now, local time) as YYYYmmddHHMMSSffffff, twenty digits."""
    return (date or datetime.now().astimezone()).strftime(_FORMAT)


def parse_stamp(text: str) -> datetime:
    """An aware datetime from twenty digits of local time, or from ISO 8601; raises BadValue."""
    try:
        if len(text) == 20 and text.isdigit():
            return datetime.strptime(text, _FORMAT).astimezone()
        if text[4:5] == "-":  # fromisoformat takes other rows of digits for dates, too
            return datetime.fromisoformat(text).astimezone()
    except ValueError:
        pass
    raise BadValue(
        f"'{text}' is not a time; write a delay as in 5s, or a date as in 2026-01-31T12:00:00"
    )


def seconds_until(date: "str | float | datetime | None", now: datetime) -> float:
    """How long from *now* until *date*: a delay, a stamp, a datetime, or None for at once.

    A date in the past gives 0. Raises BadValue for text that is neither.
    """
    if date is None:
        return 0.0
    if isinstance(date, datetime):
        return max(0.0, (date.astimezone() - now).total_seconds())
    if isinstance(date, int | float):
        return parse_duration(date)
    text = date.strip() if isinstance(date, str) else repr(date)
    if (len(text) == 20 and text.isdigit()) or (len(text) >= 8 and text[4:5] == "-"):
        return max(0.0, (parse_stamp(text) - now).total_seconds())
    return parse_duration(text)
