"""A month in the life of the district, played through the actions on a moved clock; the same seed plays the same."""
