"""Grants to associations: today the public files of what was asked, voted and paid, and their contracts.

The association's journey, from the call to the proven effect, is built here next.
"""
