"""Records as CSV (RFC 4180, lines end with a plain new line): a header, then one line per row.

Values are as in JSON: numbers in base units, states by name, nothing for what is not known.
"""

import csv
import io
from datetime import datetime
from enum import Enum

from nepishell.output.kinds import clean
from nepishell.output.records import Drawing, Message, Record, Records, Result
from nepishell.output.style import Style


def render(result: Result, style: Style) -> str:
    """*result* as CSV, no new line at its end; *style* does not matter."""
    match result:
        case Message(text):
            result = Records(["message"], [(text,)])
        case Record():
            result = result.as_records()
        case Drawing(records):
            result = records
        case Records():
            pass
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([clean(each.name) for each in result.columns])
    writer.writerows([_plain(value) for value in row] for row in result.rows)
    return file.getvalue().removesuffix("\n")


def _plain(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Enum():
            return value.name
        case int() | float():
            return value
        case datetime():
            return value.isoformat()
        case list() | tuple() | set() | frozenset():
            return " ".join(str(_plain(each)) for each in value)
    return clean(str(value), lines=True)
