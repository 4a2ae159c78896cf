"""Evidence: what a span of a participant's words speaks for."""
