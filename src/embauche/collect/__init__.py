"""Readers: interviews, reviews, surveys and customer tables become frozen records."""
