"""What is asked of roadmaps, by noun. A query changes nothing, shows only what `access` lets a person see, and takes
the same number of SQL queries for 1 or 50 items. Import the noun: `from …roadmaps.queries import coverage`.
"""
