"""The lake: described datasets, their immutable Parquet snapshots, and the engine that reads them.

Knows columns, files, fingerprints and days. Refuses to know what a figure means: that is `indicators`.
"""
