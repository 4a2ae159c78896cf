"""Activate: messages, funnels, backlog and ideas, all of it arranged evidence."""

from embauche.activate.backlog import backlog
from embauche.activate.first_steps import first_steps
from embauche.activate.funnel import funnel
from embauche.activate.ideas import ideas
from embauche.activate.messages import messages
from embauche.activate.steps import (
    BacklogRow,
    FunnelItem,
    FunnelStep,
    Idea,
    MessageMaterial,
    Steps,
    Voice,
)

__all__ = [
    "BacklogRow",
    "FunnelItem",
    "FunnelStep",
    "Idea",
    "MessageMaterial",
    "Steps",
    "Voice",
    "backlog",
    "first_steps",
    "funnel",
    "ideas",
    "messages",
]
