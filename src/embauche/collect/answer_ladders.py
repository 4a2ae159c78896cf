"""The ladders of answers that surveys use, in French and English, from the lowest step up."""

from __future__ import annotations

import re
from typing import Final

from embauche.collect.role_words import fold

# A blank line ends a ladder; a line is a step, and an indented line goes on with it.
_TEXT = """
never | jamais
almost never | hardly ever | presque jamais | very rarely | tres rarement
rarely | seldom | rarement
occasionally | de temps en temps | occasionnellement
sometimes | parfois | quelquefois
regularly | regulierement
often | frequently | souvent
very often | usually | tres souvent | most of the time | la plupart du temps
almost always | presque toujours
always | toujours | all the time | tout le temps

strongly disagree | completely disagree | totally disagree | pas du tout d'accord | tout à
    fait en désaccord | fortement en désaccord
disagree | pas d'accord | en désaccord
somewhat disagree | slightly disagree | rather disagree | plutôt pas d'accord | plutôt en
    désaccord
neutral | neither agree nor disagree | neither | neutre | ni d'accord ni pas d'accord | ni en
    accord ni en désaccord | ni d'accord, ni pas d'accord
somewhat agree | slightly agree | rather agree | plutôt d'accord
agree | d'accord
strongly agree | completely agree | totally agree | tout à fait d'accord | fortement d'accord

very dissatisfied | very unsatisfied | completely dissatisfied | très insatisfait | pas du
    tout satisfait | très mécontent | not at all satisfied | très insatisfaite
dissatisfied | unsatisfied | somewhat dissatisfied | insatisfait | plutôt insatisfait | peu
    satisfait | pas satisfait | not satisfied | plutôt pas satisfait
neutral | neither satisfied nor dissatisfied | neither | neutre | moyennement satisfait | ni
    satisfait ni insatisfait
satisfied | somewhat satisfied | satisfait | plutôt satisfait
very satisfied | completely satisfied | extremely satisfied | très satisfait | tout à fait
    satisfait

not at all important | unimportant | not important | pas du tout important | pas important
slightly important | of little importance | not very important | peu important
moderately important | somewhat important | neutral | neutre | moyennement important | plutôt
    important
important | quite important | assez important
very important | très important
extremely important | essential | essentiel | extrêmement important | indispensable | critical

very poor | very bad | terrible | très mauvais | très mauvaise
poor | bad | mauvais | mauvaise
fair | average | ok | moyen | moyenne | passable | correct
good | bon | bonne | bien
very good | très bon | très bonne | très bien
excellent | outstanding | excellente

very unlikely | extremely unlikely | very improbable | très improbable | certainement pas |
    definitely not | not at all likely
unlikely | peu probable | improbable | probably not | probablement pas
neutral | neither likely nor unlikely | maybe | possibly | peut-être | neutre
likely | probable | probably | probablement
very likely | extremely likely | très probable | certainement | definitely

not at all | pas du tout | none | aucun
a little | slightly | un peu | peu | not much | a bit
moderately | somewhat | moyennement | to some extent
quite | fairly | assez | quite a bit
very | a lot | beaucoup | très | very much
extremely | completely | énormément | extrêmement | tout à fait | entièrement

very low | très faible | très bas
low | faible | bas
medium | moderate | middle | average | moyen | moyenne | modéré
high | élevé | haut | fort
very high | très élevé | très haut | très fort

non-user | non user | never user | non utilisateur
light user | light | occasional user
medium user | moderate user | regular user
heavy user | heavy | frequent user

extra small | xs
small | s | petit | petite
medium | m | moyen | moyenne
large | l | grand | grande
extra large | xl | très grand | very large

freshman | first year | 1st year | première année
sophomore | second year | 2nd year | deuxième année
junior | third year | 3rd year | troisième année
senior | fourth year | 4th year | quatrième année
graduate | master
phd | doctorat

none | no diploma | no formal education | aucun | sans diplôme | aucun diplôme
primary | primary school | elementary | primaire | école primaire | certificat d'études
middle school | lower secondary | collège | brevet | bepc
cap | bep | cap/bep | vocational | vocational training | apprenticeship
secondary | high school | secondary school | lycée | bac | baccalauréat | secondaire | high
    school diploma | upper secondary
some college | associate degree | bac+2 | bts | dut | bac +2 | associate | bts/dut
bachelor | bachelor's | bachelors | bachelor's degree | undergraduate | licence | bac+3 | bac
    +3 | college | university degree | bachelor degree
bac+4 | bac +4 | maîtrise
master | master's | masters | master's degree | graduate | postgraduate | bac+5 | bac +5 |
    graduate degree | master degree | ingénieur | postgraduate degree
phd | doctorate | doctoral | doctorat | bac+8 | bac +8 | doctoral degree

bronze
silver | argent
gold | or
platinum | platine
diamond | diamant
"""

LADDERS: Final = tuple(
    tuple(
        frozenset(fold(word) for word in step.split("|"))
        for step in re.sub(r"\n +", " ", ladder).split("\n")
    )
    for ladder in _TEXT.strip().split("\n\n")
)
"""Ladders of steps; a step is the set of its folded wordings."""
