"""The press: official papers as PDF, each with a code by which anybody can confirm it without seeing what it says."""

from bureau.desk.press.imprints import Made, imprint_of, made_once, new_code
from bureau.desk.press.typesetting import typeset

__all__ = ["Made", "imprint_of", "made_once", "new_code", "typeset"]
