"""What leaves the catalogue as files, one file per noun."""
