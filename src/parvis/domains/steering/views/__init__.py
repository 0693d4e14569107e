"""Pages of steering, one file per noun."""
