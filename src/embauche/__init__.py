"""Embauche: Jobs to be Done segmentation, with every figure traceable to its evidence."""

__version__ = "0.1.0"
