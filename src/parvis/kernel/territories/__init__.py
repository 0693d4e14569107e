"""Places, zones with vintages, shares, and locating a point with method and precision.

Knows where. Refuses to know what happens there.
"""
