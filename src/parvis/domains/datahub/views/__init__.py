"""Pages of the data: one file per noun."""
