"""Table Schema contracts: reading any spreadsheet, validation, quarantine, correction, import reports.

Knows rows, rules and what went wrong. Refuses to know what a row becomes: the contract's domain writes it.
"""
