"""Segments: latent classes, how many, how solid, and what they predict."""
