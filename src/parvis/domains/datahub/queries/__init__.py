"""Reads over the datasets, their files and what is made of them, one file per noun."""
