"""What leaves the roadmaps as a file: spreadsheet, PDF, calendar, StratML.

Knows how each format is written. Refuses to decide what a person may see: everything comes through `dossier`, which asks
`access`, so that a file never says more than the page it was made from.
"""
