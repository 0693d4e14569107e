"""Parvis: how a directorate for local democracy runs its services and proves its results."""
