"""Use cases of steering, one file per noun: the only writers."""
