"""Directorates, teams, people, and their assignments (role × scope, between two dates).

Knows who works where and as what. Refuses to know what a role allows: that is `access`.
"""
