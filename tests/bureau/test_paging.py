"""Keyset pages say the same as OFFSET would, in every order, in both directions."""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import F, QuerySet
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureau.desk.paging import Page, page_of
from bureau.desk.refusal import BadValue
from bureau.models import Unit

ORDERS = [
    ("name_zh",),
    ("-population",),
    ("population", "-valid_from"),
    ("-area_km2", "population", "code"),
    (F("population").desc(nulls_last=True), "kind"),
    (F("area_km2").asc(nulls_first=True), "-name_en", "-pk"),
    ("kind", "-cells_stay_with__name_zh"),
]


@pytest.fixture
def units(db: None) -> list[Unit]:
    """Forty units with many equal and missing values."""
    made = [
        Unit(
            code=f"3101129{place:02}",
            slug=f"unit-{place}",
            name_zh="甲乙丙"[place % 3],
            name_en="abcd"[place % 4],
            kind=("street", "town")[place % 2],
            longitude=121.0,
            latitude=31.0,
            area_km2=None if place % 5 == 0 else Decimal(place % 4) / 2,
            population=None if place % 3 == 0 else place % 7,
            valid_from=date(2015, 1, 1) + timedelta(days=place % 6),
        )
        for place in range(40)
    ]
    units = Unit.objects.bulk_create(made)
    for place, unit in enumerate(units):
        unit.cells_stay_with = units[place % 9] if place % 4 else None
    Unit.objects.bulk_update(units, ["cells_stay_with"])
    return units


def walk(queryset: QuerySet[Unit], size: int) -> Iterator[Page[Unit]]:
    params: dict[str, str] = {}
    while True:
        page = page_of(queryset, params, size, total=None)
        yield page
        if page.next is None:
            return
        params = {"cursor": page.next}


def codes(rows: list[Unit]) -> list[str]:
    return [row.code for row in rows]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.sampled_from(ORDERS), size=st.integers(1, 45))
def test_pages_by_key_are_the_pages_by_offset_forwards_and_backwards(
    units: list[Unit], order: tuple[object, ...], size: int
) -> None:
    queryset = Unit.objects.order_by(*order)
    whole = codes(list(queryset.order_by(*order, "code")))
    if order[-1] == "-pk":
        whole = codes(list(queryset))

    forward = list(walk(queryset, size))
    backward = [forward[-1].rows]
    previous = forward[-1].previous
    while previous:
        page = page_of(queryset, {"cursor": previous}, size, total=None)
        backward.insert(0, page.rows)
        previous = page.previous

    assert [codes(page.rows) for page in forward] == [whole[at : at + size] for at in range(0, len(whole), size)]
    assert codes(list(itertools.chain(*backward))) == whole


def test_a_page_counts_all_rows_and_its_addresses_keep_the_filters(units: list[Unit]) -> None:
    params = QueryDict("kind=town&kind=street&cursor=")

    page = page_of(Unit.objects.order_by("code"), params, 10)

    assert page.total == 40
    assert page.previous_url is None
    assert page.next_url == f"?kind=town&kind=street&cursor={page.next.replace(':', '%3A')}"


def test_a_page_is_one_query_and_its_total_one_more(units, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        page_of(Unit.objects.order_by("name_zh"), {}, 10)


def test_rows_that_come_meanwhile_do_not_shift_the_next_page(units: list[Unit]) -> None:
    queryset = Unit.objects.order_by("code")
    first = page_of(queryset, {}, 10)
    early = Unit.objects.get(code=units[0].code)
    early.code, early.slug, early.cells_stay_with = "310112800", "early", None
    early.save(force_insert=True)

    second = page_of(queryset, {"cursor": first.next}, 10)

    assert codes(second.rows) == codes(units[10:20])


@pytest.mark.parametrize("cursor", ["x", "MTIz:abc:def", "é", "1", "\x00"])
def test_a_made_up_cursor_is_refused(units: list[Unit], cursor: str) -> None:
    with pytest.raises(BadValue) as refused:
        page_of(Unit.objects.order_by("code"), {"cursor": cursor}, 10)

    assert (refused.value.code, refused.value.status) == ("bad_cursor", 400)


def test_a_cursor_of_another_order_is_refused(units: list[Unit]) -> None:
    page = page_of(Unit.objects.order_by("code"), {}, 10)

    with pytest.raises(BadValue):
        page_of(Unit.objects.order_by("-code"), {"cursor": page.next}, 10)
