"""English words that clauses are cut and judged by."""

from __future__ import annotations

from typing import Final

NOT_VERBS: Final = frozenset(
    """
    the a an my your his her our their its this that these those it me you him us them one two
    three all any some each every no not be what which who how where when why and or of in on at
    by for from with about as into over under more most less very so too there here only both
    anyone everyone someone something anything everything nothing myself himself work school
    church college university bed town class lunch dinner breakfast day night date time people
    clients customers life death market data is are was were has have been after before now
    """.split()  # noqa: SIM905
) - {"be", "have", "work", "date", "class", "market", "time", "day"}

VAGUE_VERBS: Final = frozenset(
    """
    be have do go come get say try start continue use want need like let make see think
    """.split()  # noqa: SIM905
)

BARE_VERBS: Final = frozenset(
    """
    accomplish achieve broaden deepen shorten tune deal recover
    reuse weigh mix split add adapt adjust analyse analyze answer arrange ask assess automate avoid
    back balance bill book brainstorm break bring browse budget build buy calculate call cancel
    capture carry catch categorize change check choose clarify clean clear collect combine
    communicate compare compile complete compose condense connect convert convey cook coordinate
    copy correct cover craft create cut debug decide define deliver describe design detect
    determine develop diagnose discover discuss distribute document double draft draw edit
    eliminate email enhance ensure enter estimate evaluate examine expand explain explore export
    express extract facilitate fetch file fill filter find finish fit fix flesh follow format
    formulate free gain gather generate get give grade group grow handle have help hide identify
    illustrate implement improve include increase inform inspire integrate interpret keep know
    label learn limit list locate log look lose maintain make manage map meet memorise memorize
    merge minimise minimize monitor move name navigate note open optimise optimize order
    organise organize outline paint pay perform pick pinpoint plan polish practise practice
    predict prepare present preserve prevent print prioritise prioritize process produce program
    proofread propose protect prove provide publish pull put quiz rank reach read rearrange
    recall record reduce refine refresh relate remember remind remove reorganize rephrase
    replace reply report reserve resolve research respond retrieve return review revise rewrite
    run save scan schedule search see select sell send serve set share shop show simplify sketch
    solve sort spare speed spell spend spot start stay stop store streamline structure study
    submit suggest summarise summarize support sync synthesize take talk teach tell test think
    tidy time track train transcribe transfer translate troubleshoot turn type understand update
    upload validate verify visualise visualize watch wear win work write
    """.split()  # noqa: SIM905
)

DANGLING: Final = frozenset(
    """
    to a an the my your his her our their its of in on at by for from with about as into over
    under and or but so that which who what how where when why than i we you they he she it's is
    are was were be been very really more most less not no any some each every this these those
    if while until before after whether because like can will would could should do does did
    have has had don't i'm being also too only between through without within such other another
    make making one two three four five
    """.split()  # noqa: SIM905
)

FUNCTION_WORDS: Final = (DANGLING | NOT_VERBS | VAGUE_VERBS) - frozenset(
    {"clients", "customers", "people", "data", "market", "time", "school", "class", "date", "work"}
) | frozenset({"thing", "things", "stuff", "way", "lot", "bit", "better", "again", "out", "back"})

PREPOSITIONS: Final = frozenset(
    """
    to of in on at by for from with about as into over under off out up down through between without
    within against towards toward across along around onto behind near since during
    """.split()  # noqa: SIM905
)

ENDS_BADLY: Final = DANGLING | frozenset(
    """
    got mostly usually often think
    just even still maybe also basically honestly instead ever however otherwise therefore us
    somehow somewhat couldn't wouldn't can't won't didn't doesn't isn't aren't wasn't may might
    must shall ought cannot having being doing getting making using taking giving putting
    trying let's that's there's what's who's you're you've you'd you'll
    """.split()  # noqa: SIM905
)
"""Words that a whole clause does not end with."""

NEEDS_OBJECT: Final = frozenset(
    """
    do get give make take put find keep send show tell have know see bring carry hold catch buy sell
    let pick set use avoid build create produce compare choose check handle manage organise
    organize explain describe track transcribe generate record store share review prepare plan print
    save sort spend want need
    """.split()  # noqa: SIM905
) - {"get", "prepare", "plan", "check", "see", "know"}
"""Verbs that say nothing without their direct object."""
