"""What people type in the datahub, one file per noun."""
