"""What the portal keeps against the loss of its machine: the database to any moment of a week, its files, its keys.

Everything in the backup's place is sealed (`sealing.py`). The database is a base (`bases.py`) and the write-ahead log
since (`archive.py`); documents and keys are objects named by their hash, told by chained lists (`files.py`).
"""
