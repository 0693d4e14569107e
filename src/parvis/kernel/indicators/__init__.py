"""Indicators: facts + an aggregation, evaluated on the lake.

Knows definitions, cells, numerators and denominators. Refuses to know where measurements are kept and what is decided
on them: that is steering.
"""
