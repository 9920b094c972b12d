"""Reading a table of the package and checking each of its cells.

A table is a CSV file; its rows are described by a Pydantic model, one field a column. The first
bad cell ends the reading with one `TableError` that names file, row, column, value and what is
allowed. The row is the line in the file as an editor counts it (the header is line 1), as long
as no cell holds a line break.
"""

from __future__ import annotations

import csv
import types
import typing
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeVar

import polars as pl
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from perelom.errors import TableError

FIRST_ROW = 2


class Row(BaseModel):
    """One row of a table; empty cells are `None`, unknown columns are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


RowType = TypeVar("RowType", bound=Row)


def data_path(name: str) -> Path:
    """Return the path of a table that ships with the package."""
    return Path(str(files("perelom"))) / "data" / name


def refuse(column: str, value: object, allowed: str) -> PydanticCustomError:
    """Return the error of a row check that concerns more than one cell."""
    return PydanticCustomError(
        "refused", "{allowed}", {"column": column, "value": value, "allowed": allowed}
    )


def read_rows(path: Path, model: type[RowType]) -> list[RowType]:
    """Read a CSV file as checked rows.

    Raises
    ------
    TableError
        A missing file or column, an unknown column, or a cell that the model refuses.

    """
    columns = list(model.model_fields)
    if not path.is_file():
        raise TableError(path.name, None, None, "missing file", f"a table with {columns}")
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        header = next(lines, [])
        _check_header(path.name, header, columns)
        cells = list(lines)
    for number, line in enumerate(cells, start=FIRST_ROW):
        if len(line) != len(header):
            raise TableError(path.name, number, None, len(line), f"{len(header)} cells")
    records = [dict(zip(header, [cell or None for cell in line], strict=True)) for line in cells]
    try:
        return TypeAdapter(list[model]).validate_python(records)  # type: ignore[valid-type]
    except ValidationError as error:
        raise _table_error(path.name, error.errors()[0], model) from None


def frame(rows: Sequence[RowType], model: type[RowType]) -> pl.DataFrame:
    """Return checked rows as a data frame with one typed column a field."""
    schema = {name: _column_type(info.annotation) for name, info in model.model_fields.items()}
    return pl.DataFrame([row.__dict__ for row in rows], schema=schema, orient="row")


def read_frame(name: str, model: type[RowType], path: Path | None = None) -> pl.DataFrame:
    """Read a table of the package (or the file at `path`) as a checked data frame."""
    return frame(read_rows(path or data_path(name), model), model)


def check_unique(frame: pl.DataFrame, column: str, file: str) -> None:
    """Refuse a table in which a key occurs twice."""
    twice = frame.with_row_index("_row", FIRST_ROW).filter(~pl.col(column).is_first_distinct())
    if twice.height:
        row = twice.row(0, named=True)
        raise TableError(file, row["_row"], column, row[column], "each key once")


def check_among(
    frame: pl.DataFrame, column: str, known: Sequence[str], file: str, allowed: str
) -> None:
    """Refuse a table in which a reference points nowhere; empty cells pass."""
    lost = frame.with_row_index("_row", FIRST_ROW).filter(
        pl.col(column).is_not_null() & ~pl.col(column).is_in(list(known))
    )
    if lost.height:
        row = lost.row(0, named=True)
        raise TableError(file, row["_row"], column, row[column], allowed)


def _check_header(file: str, header: list[str], columns: list[str]) -> None:
    for column in columns:
        if column not in header:
            raise TableError(file, 1, column, "missing column", f"the columns {', '.join(columns)}")
    for column in header:
        if column not in columns:
            raise TableError(file, 1, column, "unknown column", f"the columns {', '.join(columns)}")


def _table_error(file: str, error: ErrorDetails, model: type[Row]) -> TableError:
    row = FIRST_ROW + int(error["loc"][0])
    context = error.get("ctx", {})
    if error["type"] == "refused":
        return TableError(file, row, context["column"], context["value"], context["allowed"])
    column = str(error["loc"][1])
    value = error["input"]
    if value is None:
        return TableError(file, row, column, "empty", _allowed(model, column, error))
    return TableError(file, row, column, value, _allowed(model, column, error))


def _allowed(model: type[Row], column: str, error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    named = {
        "literal_error": "one of {expected}",
        "string_pattern_mismatch": "text of the form {pattern}",
        "greater_than_equal": "a number of at least {ge}",
        "less_than_equal": "a number of at most {le}",
        "greater_than": "a number above {gt}",
        "less_than": "a number below {lt}",
    }
    if error["type"] in named and error["type"] != "literal_error":
        return named[error["type"]].format(**context)
    annotation = _without_none(model.model_fields[column].annotation)
    if typing.get_origin(annotation) is Literal:
        return "one of " + ", ".join(typing.get_args(annotation))
    kinds: dict[Any, str] = {
        float: "a finite number",
        int: "a whole number",
        date: "a date YYYY-MM-DD",
        bool: "true or false",
        str: "text",
    }
    return kinds.get(annotation, error["msg"])


def _without_none(annotation: Any) -> Any:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        (annotation,) = [part for part in typing.get_args(annotation) if part is not type(None)]
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return annotation


def _column_type(annotation: Any) -> Any:
    kinds: dict[Any, Any] = {
        float: pl.Float64(),
        int: pl.Int64(),
        date: pl.Date(),
        bool: pl.Boolean(),
    }
    return kinds.get(_without_none(annotation), pl.String())
