"""Priorities: the qualitative index and the ODI opportunity, with intervals."""
