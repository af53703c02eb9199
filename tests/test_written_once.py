"""Guards of the house: what may be written in one place only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bureau", "powers", "grid", "cases", "community", "oversight", "config")
EDGES = ("views", "api", "tasks", "management", "context", "health", "simulation")


def sources() -> list[Path]:
    found = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def assigned_attributes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            for target in targets:
                for leaf in target.elts if isinstance(target, ast.Tuple) else [target]:
                    if isinstance(leaf, ast.Attribute):
                        yield ast.unparse(leaf.value), leaf.attr


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.AST]:
    return {name_of(path): ast.parse(path.read_text()) for path in sources()}


def test_only_the_engine_sets_the_status_of_a_noun(trees):
    nouns = {"subject", "issue", "case", "paper"}

    writers = {
        name for name, tree in trees.items() for owner, attr in assigned_attributes(tree)
        if attr == "status" and owner in nouns
    }  # fmt: skip

    assert writers == {"bureau/desk/workflow.py"}


def test_only_the_trail_writes_entries(trees):
    makers = {"Entry", "Entry.objects.create", "Entry.objects.bulk_create"}

    writers = {name for name, tree in trees.items() if makers.intersection(calls(tree))}

    assert writers == {"bureau/desk/trail.py"}


def test_only_the_edges_read_the_clock_of_the_machine(trees):
    clocks = {"timezone.now", "datetime.now", "date.today", "datetime.today", "timezone.localtime()", "localdate()"}

    readers = {name for name, tree in trees.items() if clocks.intersection(calls(tree))}

    assert [name for name in sorted(readers) if not any(edge in name for edge in EDGES)] == []


def test_celery_tasks_stand_in_tasks_modules_only(trees):
    users = {name for name, tree in trees.items() if "shared_task" in ast.unparse(tree)}

    assert all(name.endswith("/tasks.py") for name in users)


def test_nothing_is_imported_inside_a_function(trees):
    offenders = {
        f"{name}: {inner.lineno}"
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name != "ready"
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    }

    assert offenders == set()


def test_no_signal_is_received(trees):
    offenders = {name for name, tree in trees.items() if {"receiver"}.intersection(calls(tree))}

    assert offenders == set()


def test_no_drawer_is_named_utils():
    drawers = {"utils", "common", "core", "helpers", "misc"}

    assert [name_of(path) for path in sources() if drawers.intersection((path.stem, *path.parts))] == []


def test_no_file_names_a_path_of_the_machine():
    tracked = [path for room in (*ROOMS, "docs", "tests") for path in (ROOT / room).rglob("*") if path.is_file()]
    places = ["/" + "work" + "/", "/" + "root" + "/", "/" + "home" + "/"]

    offenders = [
        name_of(path)
        for path in tracked
        if path.suffix in {".py", ".md", ".html", ".sh"} and any(place in path.read_text() for place in places)
    ]

    assert offenders == []
