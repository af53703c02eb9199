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
