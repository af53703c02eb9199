"""The press: official papers as PDF, each with a code by which anybody can confirm it without seeing what it says."""

from bureau.desk.press.imprints import (
    Made,
    Pressed,
    annul,
    annulment_of,
    compose,
    imprint_of,
    keep_pressed,
    made_once,
    new_code,
    printed,
)
from bureau.desk.press.typesetting import typeset

__all__ = [
    "Made",
    "Pressed",
    "annul",
    "annulment_of",
    "compose",
    "imprint_of",
    "keep_pressed",
    "made_once",
    "new_code",
    "printed",
    "typeset",
]
