"""Attachments and generated documents, with type (by content), size and fingerprint.

Knows files. Refuses to know who may read one: a document belongs to a `Reference`, whose domain decides.
"""
