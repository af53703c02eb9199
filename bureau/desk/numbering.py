"""Numbers of official papers: one gap-free series for each body, kind and year."""

from django.db import connection

TAKE = """
    INSERT INTO bureau_numberseries (body, kind, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (body, kind, year) DO UPDATE SET last = bureau_numberseries.last + 1
    RETURNING last
"""


def take_number(body: str, kind: str, year: int) -> int:
    """The next number of the series, counted from 1; call it inside the transaction that issues the paper.

    The counter row stays locked until that transaction ends, so an abort gives the number back
    (security.md I10; a sequence leaves gaps, `max() + 1` doubles).
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [body, kind, year])
        return int(cursor.fetchone()[0])


TAKE_MANY = """
    INSERT INTO bureau_numberseries (body, kind, year, last) VALUES (%s, %s, %s, %s)
    ON CONFLICT (body, kind, year) DO UPDATE SET last = bureau_numberseries.last + excluded.last
    RETURNING last
"""


def take_numbers(body: str, kind: str, year: int, count: int) -> range:
    """The next `count` numbers of the series as one block, under the same promise as `take_number`."""
    if count < 1:
        return range(0)
    with connection.cursor() as cursor:
        cursor.execute(TAKE_MANY, [body, kind, year, count])
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)
