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

DETERMINERS: Final = frozenset(
    """
    le la les l' un une des ses son sa leur leurs ce cet cette ces chaque plusieurs quelques deux
    trois quatre cinq six dix tous toutes tout toute quelqu quelqu'un quelque aucun aucune notre mon
    """.split()  # noqa: SIM905
)

PREPOSITIONS: Final = frozenset(
    """
    à au aux avec pour sans dans sur sous par en chez vers entre avant après pendant depuis dès
    contre selon jusqu jusqu' d' de du
    """.split()  # noqa: SIM905
)

ENDS_BADLY: Final = (DANGLING - {"autre", "autres", "même", "deux", "trois"}) | frozenset(
    """
    ensuite encore surtout très trop tellement presque aussi alors donc enfin c'est ont peut peuvent
    doit doivent veut veulent va vont fait faut voilà genre quoi assez vraiment tant non oui soient
    avait étaient serait seront sera vers plutôt afin puisque parce ainsi selon malgré jamais rien
    aucun aucune bon bonne vieux petit petite grand grande nouveau nouvelle gros grosse déjà lors
    toujours parfois souvent seulement justement pourtant quel quelle quels quelles combien comment
    pourquoi lequel dont voire etc sinon tel telle tels telles dire sait importe n'importe
    """.split()  # noqa: SIM905
)
"""Words that a whole clause does not end with."""

NEEDS_OBJECT: Final = frozenset(
    """
    voir savoir faire mettre remettre garder avoir prendre trouver retrouver obtenir donner attendre
    gérer noter vérifier préparer envoyer montrer utiliser organiser remplir suivre recevoir repérer
    gagner poser tasser planter tamponner tirer livrer consigner régler consulter acheter dire
    expliquer demander ranger classer comparer choisir construire créer produire tenir porter
    rendre laisser perdre connaître comprendre contrôler surveiller tracer couper monter avancer
    éditer lancer dicter placer passer toucher sentir entendre regarder récupérer chercher
    permettre aider empêcher éviter transmettre partager fabriquer ouvrir fermer
    """.split()  # noqa: SIM905
) - {"avancer", "passer", "monter", "couper", "porter", "toucher"}
"""Verbs that say nothing without their direct object."""

TAKES_INFINITIVE: Final = frozenset(
    """
    pouvoir vouloir savoir devoir faire laisser aller venir voir entendre envoyer regarder sentir
    oser aimer préférer écouter valoir penser compter espérer souhaiter emmener partir revenir
    retourner rentrer courir être avoir
    """.split()  # noqa: SIM905
)

NO_JOBS: Final = frozenset(
    """
    penser adorer aimer préférer détester avouer connaître rappeler supporter arriver essayer
    commencer croire trouver utiliser parler imaginer sentir sortir mettre prendre travailler voir
    laisser perdre oublier attendre demander gagner passer recevoir payer finir habiter manger
    veiller vivre rester partir porter tenir jurer reconnaître admettre dépenser rêver coûter
    souhaiter souffrir chercher devenir regretter acheter choisir
    """.split()  # noqa: SIM905
)
"""What people do or think by the way: told in the present, it is no job."""
