"""The tables of moves as pictures: Mermaid for the docs, drawn from the very tables that the engine reads."""

from __future__ import annotations

from collections.abc import Iterator

from bureau.desk.contributions import workflows
from bureau.desk.workflow import Move, Workflow

HEAD = """# Flows

Drawn by `manage.py draw_flows --write` from the tables of moves; a test compares. Do not edit.
"""


def drawn_flows() -> str:
    """All registered workflows, one section each."""
    return "\n".join([HEAD, *(section_of(name, flow) for name, flow in workflows.items())])


def section_of(name: str, flow: Workflow) -> str:
    return f"## {name}\n\n```mermaid\n{diagram_of(flow)}\n```\n\n{table_of(flow)}\n"


def diagram_of(flow: Workflow) -> str:
    """A state diagram: `[*]` is before the opening move and after a status that nothing leaves."""
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in (*arrows(flow), *ends(flow)))])


def arrows(flow: Workflow) -> Iterator[str]:
    for move in every(flow):
        for source in move.sources or ("[*]",):
            yield f"{source} --> {move.target}: {move.verb}"


def every(flow: Workflow) -> tuple[Move, ...]:
    """The moves that people make, and those that the granting of a request makes."""
    return (*flow.table, *flow.granted)


def ends(flow: Workflow) -> Iterator[str]:
    left = {source for move in every(flow) for source in move.sources}
    for target in dict.fromkeys(move.target for move in every(flow)):
        if target not in left:
            yield f"{target} --> [*]"


def table_of(flow: Workflow) -> str:
    head = ("verb", "from", "to", "who", "clocks", "needs", "guards")
    rows: list[tuple[str, ...]] = [head, tuple("---" for _ in head), *(cells_of(move) for move in flow.table)]
    rows += [cells_of(move, " (only by a granted request)") for move in flow.granted]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cells_of(move: Move, said: str = "") -> tuple[str, ...]:
    return (
        f"`{move.verb}`{said}",
        ", ".join(move.sources) or "-",
        move.target,
        who_of(move),
        clocks_of(move),
        ", ".join(move.needs) or "-",
        ", ".join(guard.__name__.replace("_", " ") for guard in move.guards) or "-",
    )


def who_of(move: Move) -> str:
    parts = [
        ", ".join(sorted(str(role.value) for role in move.who.district)),
        named("of the unit", move.who.unit),
        named("of the handler", move.who.handler),
    ]
    return "; ".join(part for part in parts if part) or "-"


def named(where: str, roles: frozenset) -> str:
    return f"{where}: {', '.join(sorted(str(role.value) for role in roles))}" if roles else ""


def clocks_of(move: Move) -> str:
    effects = (
        ("meets", move.meets),
        ("drops", move.drops),
        ("starts", move.sets),
        ("resumes", move.resumes),
        ("reopens", move.reopens),
    )
    return "; ".join(f"{word} {', '.join(kinds)}" for word, kinds in effects if kinds) or "-"
