"""Roadmaps of the 17 sectors and thematic plans: from an action promised to an action proven (objectives P1, P2, P3).

Knows plans, actions, partners, campaigns, versions and evaluations. Refuses to know how a figure is charted or a
point is drawn: a figure, a layer or a dataset leaves through `face`.
"""
