"""The verbs of enforcement cases: the only door for pages, API, tasks and commands."""

from cases.actions.move import move_case
from cases.actions.open import can_open_case, open_case, squad_of

__all__ = ["can_open_case", "move_case", "open_case", "squad_of"]
