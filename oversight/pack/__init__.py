"""The hand-over pack 移送材料包: letter, timeline, papers and evidence in one signed ZIP that opens offline."""

from oversight.pack.making import letter_from, make_missing, pack_of, packed

__all__ = ["letter_from", "make_missing", "pack_of", "packed"]
