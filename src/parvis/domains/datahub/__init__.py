"""Files in, checked and reconciled: imports, their reports, quarantine and correction. The catalogue comes next.

Knows runs and rows. Refuses to know what a row becomes: its contract's domain does.
"""
