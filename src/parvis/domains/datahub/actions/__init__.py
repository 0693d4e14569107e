"""What changes in the datahub, one file per noun."""
