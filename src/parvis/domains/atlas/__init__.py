"""The map: layers that the faces declare, drawn together, with the table that says the same.

Knows how to show places. Refuses to hold any: every feature comes from a face's layer, under its permission.
"""
