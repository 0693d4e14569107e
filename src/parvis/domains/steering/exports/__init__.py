"""What leaves steering as a file: the pack of a review on paper, its figures as a workbook, its slides."""
