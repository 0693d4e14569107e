"""One folder per service of the directorate, side by side, never importing one another."""
