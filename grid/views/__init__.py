"""Pages of the grid: the list, the report, one issue and what can be done with it."""
