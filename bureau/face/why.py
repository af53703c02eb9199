"""Why this date 为什么是这个日期: the working behind a date, laid out as a timesheet. Pure; asks nothing.

A row is a day, 9 to 18 across (wider when a span is), lunch a gap. Counted time is solid, its last fifth late,
suspension hatched with its reason, rest days a word, overtime and rectification after the limit. Above ten days,
stretches that count nothing fold into one line, and above sixteen rows so do whole counted days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import pgettext

from bureau.face.timesheet import Bar, Chart, Mark, Row, Scale, Span
from bureau.face.words import day_label, days_label

ROW: Final = 34.0
TOP: Final = 56.0
FOLD_ABOVE: Final = 10
CROWDED_ABOVE: Final = 16
PERIODS: Final = ((time(9), time(12)), (time(13), time(18)))
SOLID: Final = frozenset({"counted", "extended", "late"})
CSS: Final = {
    "counted": "sp-count", "extended": "sp-count", "late": "sp-late", "suspended": "sp-hold", "overtime": "sp-over",
    "rectification": "sp-grace", "stopped": "sp-stop",
}  # fmt: skip


def lay_out(explanation: Mapping[str, Any], *, now: datetime | None = None) -> Chart:
    """Lay out an explanation: `start, warn_at, due_at` and `spans` of `from, to, kind` and perhaps `reason` or `name`.

    Instants are aware datetimes or ISO strings. An explanation without spans gives a chart without rows.
    """
    warn_at, due_at = as_instant(explanation.get("warn_at")), as_instant(explanation.get("due_at"))
    spans = [piece for raw in explanation.get("spans", ()) for piece in pieces_of(raw, warn_at)]
    if not spans:
        return Chart((), (), TOP)
    scale = Scale.over(spans)
    marks = [("yellow", warn_at), ("red", due_at), ("now", now)]
    rows = rows_of(spans, scale, [(kind, timezone.localtime(at)) for kind, at in marks if at is not None])
    placed = tuple(replace(row, y=TOP - 8 + index * ROW) for index, row in enumerate(fold(rows)))
    height = TOP + len(placed) * ROW
    return Chart(placed, scale.hours(), height, frozenset(span.kind for span in spans))


def as_instant(value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value))


def pieces_of(raw: Mapping[str, Any], warn_at: datetime | None) -> list[Span]:
    """A span cut at midnights, and a counted one at the yellow instant."""
    begins, ends = as_instant(raw["from"]), as_instant(raw["to"])
    if begins is None or ends is None or begins >= ends:
        return []
    word = str(raw.get("reason") or raw.get("name") or "")
    whole = Span(timezone.localtime(begins), timezone.localtime(ends), str(raw["kind"]), word)
    return [piece for day in by_midnights(whole) for piece in at_warning(day, warn_at)]


def by_midnights(span: Span) -> list[Span]:
    cut = []
    while span.begins < span.ends:
        midnight = datetime.combine(span.begins.date() + timedelta(days=1), time(), span.begins.tzinfo)
        cut.append(replace(span, ends=min(span.ends, midnight)))
        span = replace(span, begins=midnight)
    return cut


def at_warning(span: Span, warn_at: datetime | None) -> list[Span]:
    if span.kind not in ("counted", "extended") or warn_at is None or span.ends <= warn_at:
        return [span]
    if span.begins >= warn_at:
        return [replace(span, kind="late")]
    cut = timezone.localtime(warn_at)
    return [replace(span, ends=cut), replace(span, begins=cut, kind="late")]


def rows_of(spans: list[Span], scale: Scale, marks: list[tuple[str, datetime]]) -> list[Row]:
    """A row for every day from the first span to the last, with the sum so far."""
    by_day = {
        on: list(found) for on, found in groupby(sorted(spans, key=lambda s: s.begins), lambda s: s.begins.date())
    }
    first, last = min(by_day), max(by_day)
    due_on = next((at.date() for kind, at in marks if kind == "red"), last)
    rows, total = [], 0
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        row = row_of(on, by_day.get(on, []), scale, [(kind, at) for kind, at in marks if at.date() == on])
        total += row.counted
        rows.append(replace(row, total=total, is_after=on > due_on))
    return rows


def row_of(on: date, spans: list[Span], scale: Scale, marks: list[tuple[str, datetime]]) -> Row:
    drawn = [span for span in spans if span.kind in CSS]
    resting = next((span.word for span in spans if span.kind == "rest" and span.word), "")
    bars = tuple(bar_of(span, on, scale) for span in drawn)
    counted = sum(span.seconds for span in drawn if span.kind in SOLID)
    placed = tuple(Mark(kind, scale.x(at, on), at) for kind, at in marks)
    is_made_up = any(span.word for span in drawn if span.kind in SOLID)
    label = " ".join([day_label(on), pgettext("make-up day", "made up")]) if is_made_up else day_label(on)
    has_beds = bool(drawn) and all(span.kind != "rectification" for span in drawn)
    beds = tuple(beds_of(on, scale)) if has_beds else ()
    return Row(label, on, on, bars, beds, placed, counted, word="" if drawn else resting or "rest")


def bar_of(span: Span, on: date, scale: Scale) -> Bar:
    x = scale.x(span.begins, on)
    return Bar(CSS[span.kind], x, round(scale.x(span.ends, on) - x, 1), span.word if span.kind == "suspended" else "")


def beds_of(on: date, scale: Scale) -> Iterable[Bar]:
    zone = timezone.get_current_timezone()
    if scale.last - scale.first > 12:
        return
    for opens, closes in PERIODS:
        x = scale.x(datetime.combine(on, opens, zone), on)
        yield Bar("sp-bed", x, round(scale.x(datetime.combine(on, closes, zone), on) - x, 1))


def fold(rows: list[Row]) -> list[Row]:
    """Two rest days of a name share a line; in a long chart every uncounted, then every whole counted stretch does."""
    is_long = len(rows) > FOLD_ABOVE
    folded = join(rows, lambda row: row.word if row.word and not row.marks else None, at_least=2)
    if is_long:
        folded = join(folded, lambda row: "idle" if is_idle(row) else None, at_least=2)
    if len(folded) > CROWDED_ABOVE:
        folded = join(folded, lambda row: "work" if not row.marks and not row.is_after else None, at_least=3)
    return folded


def is_idle(row: Row) -> bool:
    return not row.counted and not row.marks and not row.is_after


def join(rows: list[Row], key: Any, *, at_least: int) -> list[Row]:
    joined: list[Row] = []
    for name, group in groupby(rows, key):
        found = list(group)
        joined += [merged(found, name)] if name is not None and len(found) >= at_least else found
    return joined


def merged(rows: list[Row], name: str) -> Row:
    first, last = rows[0], rows[-1]
    words = list(dict.fromkeys(word for row in rows if (word := row.word or suspended_word(row))))
    label = days_label(first.first, last.last, (last.last - first.first).days + 1)
    word = "work" if name == "work" else "、".join(w for w in words if w != "rest") or "rest"
    return Row(label, first.first, last.last, counted=sum(r.counted for r in rows), total=last.total, word=word)


def suspended_word(row: Row) -> str:
    return next((bar.word for bar in row.bars if bar.word), "")
