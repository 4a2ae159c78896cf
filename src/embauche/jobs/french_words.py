"""French words that clauses are cut and judged by."""

from __future__ import annotations

from typing import Final

NOT_INFINITIVES: Final = frozenset(
    """
    hier hiver premier dernier dernière cher plaisir quatre autre notre votre leur air avenir
    loisir désir mer fer verre contre entre papier métier atelier chantier cahier dossier
    clavier quartier courrier genre ordre nombre titre chambre fenêtre livre centre membre
    maître lettre soir espoir pouvoir-là tiroir miroir couloir trottoir cadre arbre offre mètre
    faire-part particulier régulier entier ouvrier janvier février escalier calendrier octobre
    septembre novembre décembre être-humain propre moindre pire sombre libre encore heure
    encore-là histoire mémoire gloire victoire poire foire territoire laboratoire répertoire
    matière manière lumière rivière derrière arrière carrière bière pierre terre guerre erreur
    verrière couverture derriere nature culture facture voiture mesure lecture écriture
    structure signature ouverture procédure
    """.split()  # noqa: SIM905
)

VAGUE_VERBS: Final = frozenset(
    """
    être avoir pouvoir devoir vouloir falloir faire aller venir dire essayer commencer continuer
    permettre
    """.split()  # noqa: SIM905
)

DANGLING: Final = frozenset(
    """
    à a au aux de du des d' d le la les l' l un une et ou où que qu' qu qui dont en dans sur
    sous par pour avec sans chez vers entre ce cet cette ces son sa ses mon ma mes notre nos
    votre vos leur leurs se s' ne n' pas plus très si comme quand lorsque y tout toute tous
    toutes même chaque quelque quelques plusieurs est sont était soit ai on je j' il elle ils
    elles c' puis    mais donc car ni afin jusqu' jusqu jusque être avoir deux
    trois aussi dès depuis pendant avant après contre selon ça peu autre autres
    """.split()  # noqa: SIM905
)

FUNCTION_WORDS: Final = DANGLING | frozenset(
    """
    bien assez trop mieux faire ça cela truc trucs machin chose choses là ici comme aussi encore
    vite toujours jamais attention mal fait dire voir même mêmes donc vraiment tout ainsi partout
    beaucoup relativement forcément correctement directement rapidement lui leur eux elles soi
    """.split()  # noqa: SIM905
)
