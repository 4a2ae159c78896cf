"""Segments: latent classes, how many, how solid, and what they predict."""

from embauche.segment.latent_class import LatentClassModel

__all__ = ["LatentClassModel"]
