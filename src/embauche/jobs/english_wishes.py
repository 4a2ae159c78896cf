"""English clauses in the form of emotional and social jobs: what to feel, how to be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from embauche.jobs.clause import Clause
from embauche.jobs.english_grammar import base_of, cut, gerund_of, neutral

_MOODS: Final = (
    r"(?:calm|safe|secure|confident|relaxed|at ease|at peace|in control|in charge|on "
    r"top of|reassured|proud|free"
    r"|comfortable|sure (?=of|that)|certain (?=of|that)|happy|useful|less (?:alone"
    r"|stressed|anxious|guilty)"
    r"|sane|ready|prepared)\b"
)


def feelings(text: str) -> Iterator[Clause]:
    """Yield what people want to feel, or stop feeling."""
    for match in re.finditer(
        r"\b(?P<not>(?:not|never|stop|without|avoid|don't|doesn't|didn't|won't|don't want to"
        r"|don't have to|didn't "
        r"want to|no longer) (?:to )?)?(?:feel|feeling)"
        r" (?!that\b|like (?:it|the|this|that|i'm)\b)(?P<rest>[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        before = text[: match.start()].lower()
        if re.search(r"\b(?:that|the|this|a|any|no|gut) $", before):
            continue
        if match.group().lower().endswith("feeling " + match["rest"].lower()) and (
            not match["not"] and not re.search(r"\b(?:of|keep|about) $", before)
        ):
            continue  # "that tired feeling", "start the day feeling …": no aim, or its contrary
        if not match["not"] and re.search(r"\b(?:i|we|you|they|people) $", before):
            continue
        bare, whole = cut(match["rest"])
        if bare:
            head = f"{'avoid feeling' if match['not'] else 'feel'} {bare}"
            yield Clause(neutral(head), 1.0 if whole else 0.7, "feel", whole)
    for match in re.finditer(
        rf"\bi feel (?P<what>(?:so much |much |a lot )?(?:more |less \w+|{_MOODS})[^.;:!?…]*)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        yield Clause(neutral(f"feel {bare}"), 0.7 if whole else 0.4, "feel", whole)
    for match in re.finditer(
        rf"\b(?:be|being|stay|keep) (?P<what>{_MOODS}[^.;:!?…]*)", text, re.IGNORECASE
    ):
        bare, whole = cut(match["what"])
        yield Clause(neutral(f"feel {bare}"), 0.95 if whole else 0.7, "feel", whole)
    for match in re.finditer(
        r"\b(?:stop|not|without|quit|never|avoid|no longer|don't want to|didn't want to"
        r"|don't have to) (?:have to )?(?:being |be |to )?"
        r"(?P<what>worry(?:ing)?|panic(?:king)?|stress(?:ing|ed)?|embarrass(?:ed|ing)"
        r"|afraid|scared|anxious|overwhelmed|fretting"
        r"|feeling|second-guess(?:ing)?|wonder(?:ing)?)(?P<rest>[^.;:!?…]*)",
        text,
        re.IGNORECASE,
    ):
        what = match["what"].lower()
        if what == "feeling":
            continue
        bare, whole = cut(what + match["rest"])
        first, _, tail = bare.partition(" ")
        verb = first in {"worry", "panic", "stress", "wonder", "second-guess"}
        gerund = "panicking" if first == "panic" else gerund_of(first) if verb else first
        head = f"avoid {gerund} {tail}" if gerund.endswith("ing") else f"avoid feeling {bare}"
        yield Clause(neutral(head.strip()), 0.95 if whole else 0.7, "feel", whole)


_NO_LONGER: Final = re.compile(
    r"\b(?:without|stop|stopping|stopped|no more|tired of|sick of|instead of|not have to be"
    r"|fed up (?:with|of))"
    r" (?:always )?(?P<verb>[a-z]+ing)(?P<rest>[^.;:!?…]*)",
    re.IGNORECASE,
)


def no_longer(text: str) -> Iterator[Clause]:
    """Yield what people no longer want to live through: "without listening for every noise"."""
    for match in _NO_LONGER.finditer(text):
        bare, whole = cut(match["verb"].lower() + match["rest"])
        if base_of(match["verb"]) and len(bare.split()) > 1 and match["verb"].lower() != "being":
            yield Clause(neutral(f"avoid {bare}"), 0.7 if whole else 0.4, "feel", whole)
    for match in re.finditer(
        r"\b(?P<not>stop|tired of|sick of|without|not|never|don't want to|didn't want to|hate) "
        r"(?:be(?:ing)? |to be )(?P<what>(?:the|a|an|one of|that|some kind of) [^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        yield Clause(neutral(f"avoid being seen as {bare}"), 0.8 if whole else 0.5, "seen", whole)
    for match in re.finditer(
        r"\b(?:want|wanted|like|love|loved|hoped?|nice|wish|need|needed|sooner) (?:to )?(?:be"
        r"|being) "
        r"(?P<what>(?:the|a|an|one of|known as) [^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        if re.search(r"n't|\bnot\b|\bnever\b", text[: match.start()][-16:]):
            continue
        bare, whole = cut(re.sub(r"^known as ", "", match["what"]))
        yield Clause(neutral(f"be seen as {bare}"), 0.8 if whole else 0.5, "seen", whole)


_UNWANTED: Final = re.compile(r"(?:n't|\bnot|\bnever|\bstop)\b[^.,;]{0,30}$", re.IGNORECASE)


def regards(text: str) -> Iterator[Clause]:
    """Yield how people want to be seen, or not to be seen."""
    for match in re.finditer(
        r"\b(?P<not>(?:not|don't want to|didn't want to|never|avoid|without|stop) (?:to "
        r")?)?(?:(?:be|being) (?:seen|viewed|perceived|regarded|known) as"
        r"|(?:come|coming|came) (?:across|off) (?:as|like)|look like|looking like|look(?= "
        r"(?:professional|good|stupid|unprepared|silly|serious|organised|organized"
        r"|incompetent|bad|foolish|smart|competent|old|lazy|as if))|be (?=the one\b)) "
        r"?(?P<what>[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        before = text[: match.start()] + (match["not"] or "")
        if not bare or not re.search(r"\b(?:i|we|me|us|to|not|be|want)\b", before, re.IGNORECASE):
            continue
        if re.search(
            r"\b(?:it|that|they|he|she) (?:(?:do|does|did)n?'?t? )?$", before, re.IGNORECASE
        ):
            continue
        feared = match["not"] or re.search(
            r"(?:cannot|can't|n't|never|tired of|through with)[^.,;]{0,20}$", before
        )
        head = "avoid being seen as" if feared else "be seen as"
        yield Clause(neutral(f"{head} {bare}"), 1.0 if whole else 0.7, "seen", whole)
    for match in re.finditer(
        r"\b(?:(?P<verb>show|prove)(?: to)?(?: (?:my|the|our) \w+)?|(?:people|them"
        r"|clients?|customers?|colleagues?|boss|manager"
        r"|they|everyone|parents|team|neighbours|students|colleagues|father|mother)"
        r"(?: (?:to|will|would|can))? (?:see|know|think|believe|realise|realize|say)) "
        r"(?P<that>that )?(?P<who>i|i'm|i am|we|we're) (?P<what>[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(f"{match['who']} {match['what']}")
        if len(bare.split()) < 2 or re.search(r"n't\b|\bnot\b|\bcannot\b", bare, re.IGNORECASE):
            continue
        head = f"show that {bare}"
        if _UNWANTED.search(text[: match.start()]):
            # What people must not think is only turned round where it says what one is.
            feared = re.match(r"(?:i'm|i am|we're|we are) (.+)", bare, re.IGNORECASE)
            if feared is None:
                continue
            head = f"avoid being seen as {feared.group(1)}"
        yield Clause(neutral(head), 1.0 if whole else 0.7, "seen", whole)
