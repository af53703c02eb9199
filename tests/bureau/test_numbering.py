"""Numbers of papers: no gap, no double, whatever aborts."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from bureau.desk.numbering import take_number


class Abort(Exception):
    pass


@pytest.mark.django_db
def test_a_series_counts_from_one_for_each_body_kind_and_year():
    numbers = [take_number("bureau", "urge", 2026), take_number("bureau", "urge", 2026)]

    other = [
        take_number("bureau", "urge", 2027),
        take_number("bureau", "supervise", 2026),
        take_number("x", "urge", 2026),
    ]

    assert numbers == [1, 2]
    assert other == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_twelve_writers_with_aborts_leave_no_gap_and_no_double():
    def write(writer: int) -> list[int]:
        taken = []
        for turn in range(20):
            try:
                with transaction.atomic():
                    number = take_number("bureau", "urge", 2026)
                    if (writer + turn) % 5 == 0:
                        raise Abort
                taken.append(number)
            except Abort:
                continue
        connection.close()
        return taken

    with ThreadPoolExecutor(12) as pool:
        numbers = [number for taken in pool.map(write, range(12)) for number in taken]

    assert sorted(numbers) == list(range(1, 12 * 16 + 1))
