"""Reads over the objectives and their figures, one file per noun."""
