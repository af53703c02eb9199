"""The components of the face: tags that take values and never query. `{% load face %}`; see the kit in the tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bureau.face import fields, panels, ruler, signs, why, words
from bureau.face.ruler import WORKING_DAY

register = template.Library()

register.simple_tag(signs.icon, name="icon")
register.simple_tag(signs.mark, name="mark")
register.simple_tag(signs.light, name="light")
register.simple_tag(signs.light_word, name="light_word")
register.simple_tag(signs.due, name="due")
register.simple_tag(signs.seal, name="seal")
register.simple_tag(signs.status_pill, name="status_pill")
register.simple_tag(signs.quiet, name="quiet")
register.simple_tag(words.remaining, name="remaining")
register.simple_tag(words.duration, name="duration")
register.simple_tag(words.percent, name="percent")
register.filter("date_cn", words.full_date)
register.filter("weekday", words.weekday)
register.filter("grouped", words.grouped)


# times ---------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def instant(context: Context, at: datetime | None) -> str:
    """`06-22 12:00` with the whole in its title; the year when it is another than now's; a quiet dash for none."""
    if at is None:
        return signs.quiet(None)
    shown = words.instant(at, now=context.get("now"))
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), words.full_instant(at), shown)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime) -> SafeString:
    """The same in a sentence: today, tomorrow, yesterday; the date on hover and in print."""
    now = context.get("now")
    shown = words.moment(at, now=now) if now else words.instant(at)
    whole = words.full_instant(at)
    return format_html('<time class="moment nowrap" datetime="{}" title="{}">{}</time>', at.isoformat(), whole, shown)


@register.simple_tag
def day(on: date | None) -> str:
    """A plain date `2026-06-22` in a table; a quiet dash for none."""
    return signs.quiet(None) if on is None else format_html('<time datetime="{0}">{0}</time>', f"{on:%Y-%m-%d}")


# clocks ------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/ruler.html", name="ruler")
def ruler_tag(
    light: str, elapsed: float, limit: float, size: str = "cell", ladder: str = "full", period: float = WORKING_DAY
) -> dict[str, Any]:
    """The ruler, `cell` or `card`. Times are counted seconds; `ladder` is `full` or `light_only`."""
    drawn = ruler.lay_out(light, elapsed, limit, size=size, has_ladder=ladder == "full", period=period)
    return {"ruler": drawn}


@register.inclusion_tag("components/ruler_strip.html", takes_context=True)
def ruler_strip(
    context: Context, light: str, elapsed: float, limit: float, start_at: datetime, warn_at: datetime | None,
    due_at: datetime | None, supervise_at: datetime | None = None, refer_at: datetime | None = None,
    ladder: str = "full", period: float = WORKING_DAY, start_word: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The ruler with its instants named and a flag *now*; the card takes its place on a phone."""
    has_ladder = ladder == "full"
    drawn = ruler.lay_out(light, elapsed, limit, size="strip", has_ladder=has_ladder, period=period)
    card = ruler.lay_out(light, elapsed, limit, size="card", has_ladder=has_ladder, period=period)
    labels = panels.strip_labels(drawn, light, start_word, (start_at, warn_at, due_at, supervise_at, refer_at))
    return {"ruler": drawn, "card": card, "labels": labels, "now": context.get("now"), "is_running": light != "met"}


@register.inclusion_tag("components/why.html", name="why", takes_context=True)
def why_tag(context: Context, explanation: dict[str, Any], sentence: str = "", note: str = "") -> dict[str, Any]:
    """Why this date: the sentence, then the timesheet as its proof, then the legend. See `bureau.face.why`."""
    chart = why.lay_out(explanation, now=context.get("now"))
    return {"chart": chart, "sentence": sentence, "note": note, "explanation": explanation}


# panels ---------------------------------------------------------------------------------------------------


@register.simple_block_tag
def panel(content: str, title: str = "", sub: str = "", id: str = "", css: str = "", flush: bool = False) -> SafeString:
    """`{% panel _("Title") sub=... %} ... {% endpanel %}`: a hairline and a title. `flush` for a table inside."""
    head = format_html('<span class="sub">{}</span>', sub) if sub else ""
    header = format_html("<header><h2>{}</h2>{}</header>", title, head) if title else ""
    anchor = format_html(' id="{}"', id) if id else ""
    body = " flush" if flush else ""
    return format_html(
        '<section class="panel {}"{}>{}<div class="body{}">{}</div></section>', css, anchor, header, body, content
    )


@register.inclusion_tag("components/moves.html", takes_context=True)
def moves(
    context: Context, open: Iterable[Any], closed: Iterable[Any] = (), posting: Any = "", url: str = "",
    forms: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What I can do now and what not, and why. `open` and `closed` as the workflow answers them, or dicts.

    Each open move posts `verb` to `url` (or to its own `url`); `forms` holds the form of a verb that needs facts.
    """
    shown = panels.shown_moves(open, url, forms or {})
    return {**shown, "closed": panels.closed_moves(closed), "posting": posting, **panels.csrf_of(context)}


@register.inclusion_tag("components/timeline.html", takes_context=True)
def timeline(context: Context, entries: Iterable[Any], ahead: Iterable[Any] = (), head: str = "") -> dict[str, Any]:
    """Newest first: what comes if nothing is done, then now, then the past. Entries as `panels.Happening` or dicts."""
    return {
        "ahead": [panels.happening(entry) for entry in ahead],
        "past": [panels.happening(entry) for entry in entries],
        "now": context.get("now"),
        "head": head,
    }


@register.inclusion_tag("components/facts.html")
def fact_list(pairs: Iterable[Sequence[Any]], one: bool = False) -> dict[str, Any]:
    """Pairs of word and value, two columns; a third True takes the whole width; None and "" are left out."""
    kept = [(pair[0], pair[1], len(pair) > 2 and pair[2]) for pair in pairs if pair[1] not in (None, "")]
    return {"pairs": kept, "one": one}


@register.inclusion_tag("components/photo_pair.html")
def photo_pair(before: Any = (), after: Any = (), missing: str = "") -> dict[str, Any]:
    """Photos before and after: values or dicts with `url`, `alt`, `caption` and perhaps `full_url`."""
    return {"before": panels.as_list(before), "after": panels.as_list(after), "missing": missing}


@register.inclusion_tag("components/refusal.html")
def refusal(refusal: Any, heading: str = "") -> dict[str, Any]:
    """A refusal: what, why, when first or who can, and its code small at the end."""
    return {"refusal": refusal, "heading": heading, "is_locked": getattr(refusal, "status", 0) == 403}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", link: str = "", link_text: str = "") -> dict[str, Any]:
    """Nothing here: what is true, and what is next."""
    return {"title": title, "text": text, "link": link, "link_text": link_text}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*parts: Any) -> dict[str, Any]:
    """`{% crumbs _("Issues") "/issues/" number %}`: words and addresses in turn; the last stands without address."""
    pairs = [(parts[index], parts[index + 1] if index + 1 < len(parts) else "") for index in range(0, len(parts), 2)]
    return {"pairs": pairs}


@register.inclusion_tag("components/pager.html")
def pager(
    previous: str | None = "", next: str | None = "", total: int | None = None, shown: str = ""
) -> dict[str, Any]:
    """Previous and next as addresses or None, and how many in all; no page numbers."""
    return {"previous": previous, "next": next, "total": total, "shown": shown}


# forms ------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "", unit: str = "", css: str = "") -> dict[str, Any]:
    """A field of a form: label above, hint below it, the error in ink, what was typed kept."""
    return fields.shown(bound, hint=hint, unit=unit, css=css)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """What is missing, at the top of the form, with links to the fields. Nothing for a form without errors."""
    return {"errors": fields.errors_of(form)}


@register.simple_tag
def light_of(state: str) -> str:
    """The word of a light alone: 红灯."""
    return str(signs.LIGHTS[signs.canonical(state)].word)


NOT_SET = _("not set")


@register.simple_tag
def or_not_set(value: Any) -> str:
    """The value, or a quiet word that it was not set."""
    return str(value) if value not in (None, "") else format_html('<span class="zero">{}</span>', gettext("not set"))
