"""The study folder and the stages run in order: frozen inputs to frozen results."""

from embauche.study.config import StudyConfig, parse_config, read_config

__all__ = ["StudyConfig", "parse_config", "read_config"]
