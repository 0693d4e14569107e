"""What happened, once, append-only, sealed by day with a hash chain; ids and codes only, never free text.

`entries.record()` writes, `seals.verify()` checks. Knows events and seals. Refuses to know sentences: a reason or a
comment stays in its domain's own record.
"""
