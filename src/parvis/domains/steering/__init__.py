"""Steering: the objectives of the directorate, year by year. Indicators, alerts and reviews follow.

The tree of objectives is versioned reference data: a new year's tree is loaded beside the old one, never over it.
"""
