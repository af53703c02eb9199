"""Reading a district's first-day files: every defect named by file, line and column, and rows put in place of rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import BadValue, Words, raise_all

Parser = Callable[[str], Any]
SEVERAL: Final = "|"


class BadCell(ValueError):
    """A cell that cannot be read; its words say why and what to write instead."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class RowError:
    """One defect: file, line as an editor counts it, column, and words with the remedy."""

    file: str
    line: int
    column: str
    message: Words

    def __str__(self) -> str:
        return str(
            format_lazy(
                _("{file}, line {line}, column {column}: {message}"),
                file=self.file, line=self.line, column=self.column, message=self.message,
            )
        )  # fmt: skip

    def as_refusal(self) -> BadValue:
        words = format_lazy(
            _("{file}, line {line}, column {column}: {message}"),
            file=self.file, line=self.line, column=self.column, message=self.message,
        )  # fmt: skip
        return BadValue(words, code="bad_row", pointer=f"/{self.file}/{self.line}/{self.column}")


class Row(dict[str, Any]):
    """The read values of a line by column; it knows where it stands."""

    def __init__(self, values: Mapping[str, Any], file: str, line: int) -> None:
        super().__init__(values)
        self.file, self.line = file, line

    def error(self, column: str, message: Words) -> RowError:
        return RowError(self.file, self.line, column, message)


@dataclass(frozen=True)
class Loaded:
    """What putting rows in place has done."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(
            self.created + other.created, self.changed + other.changed, self.unchanged + other.unchanged
        )  # fmt: skip

    def __str__(self) -> str:
        return str(
            format_lazy(
                _("{created} created, {changed} changed, {unchanged} unchanged"),
                created=self.created, changed=self.changed, unchanged=self.unchanged,
            )
        )  # fmt: skip


def raise_rows(errors: Iterable[RowError]) -> None:
    """Raise the defects, one or all together; nothing when there are none."""
    raise_all([error.as_refusal() for error in errors])


# reading ------------------------------------------------------------------------------------------------------------


def read_table(path: Path, columns: Mapping[str, Parser]) -> tuple[list[Row], list[RowError]]:
    """The good rows of a CSV file (UTF-8, with or without a mark), and every defect of the others.

    `columns` says which columns the file must have, in any order and no others, and how each cell is read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return [], [RowError(path.name, 1, "-", _("the file is missing; put it into the folder."))]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return [], [RowError(path.name, line, "-", _("this is not UTF-8; save the file as CSV UTF-8."))]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if errors := faults_of_header(path.name, header, columns):
            return [], errors
        return rows_below(path.name, reader, header, columns)
    except csv.Error:
        return [], [RowError(path.name, reader.line_num, "-", _("a quotation mark is not closed; close it."))]


def faults_of_header(file: str, header: Sequence[str], columns: Mapping[str, Parser]) -> list[RowError]:
    doubled = sorted({name for name in header if header.count(name) > 1})
    missing = [name for name in columns if name not in header]
    unknown = [name for name in dict.fromkeys(header) if name not in columns]
    return [
        *(RowError(file, 1, name, _("this column stands there twice; keep one.")) for name in doubled),
        *(RowError(file, 1, name, _("this column is missing; add it.")) for name in missing),
        *(RowError(file, 1, name or "-", _("this column is not known; take it out.")) for name in unknown),
    ]


def rows_below(
    file: str, reader: Any, header: Sequence[str], columns: Mapping[str, Parser]
) -> tuple[list[Row], list[RowError]]:
    rows: list[Row] = []
    errors: list[RowError] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        line = reader.line_num
        if len(cells) != len(header):
            words = format_lazy(_("{found} cells instead of {due}; check commas and quotation marks."),
                                found=len(cells), due=len(header))  # fmt: skip
            errors.append(RowError(file, line, "-", words))
            continue
        values, faults = read_cells(file, line, dict(zip(header, cells, strict=True)), columns)
        errors += faults
        if not faults:
            rows.append(Row(values, file, line))
    return rows, errors


def read_cells(
    file: str, line: int, cells: Mapping[str, str], columns: Mapping[str, Parser]
) -> tuple[dict[str, Any], list[RowError]]:
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for name, parse in columns.items():
        try:
            values[name] = parse(cells[name].strip())
        except BadCell as fault:
            errors.append(RowError(file, line, name, fault.words))
    return values, errors


def doubled(rows: Iterable[Row], column: str) -> list[RowError]:
    """Rows whose value in that column stands in an earlier line already."""
    first: dict[Hashable, int] = {}
    errors = []
    for row in rows:
        line = first.setdefault(row[column], row.line)
        if line != row.line:
            words = format_lazy(_("the same stands in line {line} already; keep one."), line=line)
            errors.append(row.error(column, words))
    return errors


# parsers of cells ---------------------------------------------------------------------------------------------------


def text(max_length: int, *, blank: bool = False) -> Parser:
    def parse(cell: str) -> str:
        if not cell and not blank:
            raise BadCell(_("this is empty; fill it in."))
        if len(cell) > max_length:
            raise BadCell(format_lazy(_("this is longer than {limit} characters; shorten it."), limit=max_length))
        return cell

    return parse


def optional(parser: Parser) -> Parser:
    """An empty cell is None."""
    return lambda cell: parser(cell) if cell else None


def day(cell: str) -> date:
    try:
        if len(cell) != 10:
            raise ValueError
        return date.fromisoformat(cell)
    except ValueError as error:
        raise BadCell(_("this is not a date; write it as 2015-01-28.")) from error


def whole(cell: str) -> int:
    try:
        return int(cell)
    except ValueError as error:
        raise BadCell(_("this is not a whole number; write digits only.")) from error


def decimal(cell: str) -> Decimal:
    try:
        found = Decimal(cell)
    except InvalidOperation as error:
        raise BadCell(_("this is not a number; write it as 200 or 0.5.")) from error
    if not found.is_finite():
        raise BadCell(_("this is not a number; write it as 200 or 0.5."))
    return found


def real(cell: str) -> float:
    return float(decimal(cell))


def yes_no(cell: str) -> bool:
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if cell.lower() not in words:
        raise BadCell(_("this is neither yes nor no; write yes or no."))
    return words[cell.lower()]


def one_of(values: Iterable[str], *, blank: bool = False) -> Parser:
    known = list(values)

    def parse(cell: str) -> str:
        if cell not in known and not (blank and not cell):
            raise BadCell(format_lazy(_("this is not known; write one of: {values}."), values=", ".join(known)))
        return cell

    return parse


def several_of(values: Iterable[str]) -> Parser:
    """Words parted by `|`; an empty cell is an empty list."""
    parse_one = one_of(values)
    return lambda cell: [parse_one(word.strip()) for word in cell.split(SEVERAL)] if cell else []


# putting in place ---------------------------------------------------------------------------------------------------


def upsert(model: type[models.Model], key_fields: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Loaded:
    """Create what is not there, change what differs, leave the rest; rows are not taken away.

    `rows` hold values by field name or attname (`unit_id`); `key_fields` find the row that is there. What changes is
    written before what is new, so that a row that ends makes room for the one that follows.
    """
    listed = [dict(row) for row in rows]
    there = {key_of(found, key_fields): found for found in model._default_manager.all()} if listed else {}
    new: list[models.Model] = []
    changed: list[models.Model] = []
    for row in listed:
        found = there.get(tuple(plain(row[name]) for name in key_fields))
        if found is None:
            new.append(model(**row))
        elif any(held(found, name) != plain(value) for name, value in row.items()):
            for name, value in row.items():
                setattr(found, name, value)
            changed.append(found)
    for instance in changed:
        instance.save()
    model._default_manager.bulk_create(new)
    return Loaded(len(new), len(changed), len(listed) - len(new) - len(changed))


def key_of(instance: models.Model, fields: Sequence[str]) -> tuple[Any, ...]:
    return tuple(held(instance, name) for name in fields)


def held(instance: models.Model, name: str) -> Any:
    """The value of that field as it lies in the row; a row that it points to is not read."""
    return getattr(instance, getattr(instance._meta.get_field(name), "attname", name))


def plain(value: Any) -> Any:
    """A row stands for its key, and lazy words for their text."""
    if isinstance(value, models.Model):
        return value.pk
    return str(value) if isinstance(value, Promise) else value
