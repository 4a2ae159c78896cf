"""The method page states the constants of the code: a constant that moves fails here."""

from pathlib import Path

import pytest

from embauche.customers.assign import LOW_ACCURACY
from embauche.identify.calibrate import SILENCE, WORTH_A_LOOK
from embauche.identify.learning import SMOOTH
from embauche.identify.spans import LONG_SENTENCE
from embauche.identify.training_sentences import training_sentences
from embauche.jobs import DEFAULT_THRESHOLD, LEAST_SIMILARITY
from embauche.jobs.attachment import LEAST_COSINE, LEAST_SCORE, PROXIMITY_WEIGHT
from embauche.jobs.clustering import MERGE_AT_LEAST
from embauche.jobs.goals import OBJECTIVE_JOIN, OTHER_TYPE_PENALTY, SURE_ENOUGH
from embauche.prioritise import (
    opportunity,
    opportunity_intervals,
    opportunity_ranking,
    opportunity_rows,
    opportunity_segments,
    qualitative,
    targets,
)
from embauche.prioritise.opportunity_draws import PRIOR
from embauche.segment import (
    comparison_outcome,
    comparison_run,
    families,
    information,
    latent_class_notices,
    number_of_classes,
    personas,
    personas_descriptions,
    starts,
    verdict,
)
from embauche.segment.indicators import MANY, PER_VARIABLE, STYLE
from embauche.segment.learner import PENALTIES
from embauche.segment.stability import RANDOM_STARTS

_DOCS = Path(__file__).resolve().parents[1] / "docs"
_METHOD = " ".join((_DOCS / "method.md").read_text(encoding="utf-8").split())
_LINKS = (_DOCS / "how-to" / "link-needs-to-jobs.md").read_text(encoding="utf-8")

_STATED = [
    f"never under {SILENCE:g} and never over {WORTH_A_LOOK:g}",
    f"covariance `{SMOOTH:g} · cos(x, x')`",
    f"{len(training_sentences()):,} sentences written",
    f"more than {LONG_SENTENCE} words",
    f"cut at {DEFAULT_THRESHOLD:g}",
    f"with {OTHER_TYPE_PENALTY:.2f} added",
    f"those under {SURE_ENOUGH:g} join jobs",
    f"their cosine is at least {MERGE_AT_LEAST:.2f}",
    f"from a cosine of {OBJECTIVE_JOIN:g}",
    f"centre + {PROXIMITY_WEIGHT:g} × proximity",
    f"at least {LEAST_SCORE:.2f} and the cosine at least −{-LEAST_COSINE:g}",
    f"the similarity is at least {LEAST_SIMILARITY:g}",
    f"From {STYLE:g} on, classes of raw ratings",
    f"Under {PER_VARIABLE} respondents a need",
    f"beyond {MANY} needs",
    f"Rounds of {starts.ROUND} random starts",
    f"at most {starts.MOST_ROUNDS} rounds",
    f"On more than {starts.SAMPLED:,} patterns starts climb on a sample of {starts.SAMPLED // 2:,}",
    f"its best {starts.KEPT} distinct maxima",
    f"at least {families.VARIANCE_FLOOR:g} of the column's",
    f"more than {latent_class_notices.MANY_NUMBERS} different numbers is doubted",
    f"(under {information.SMALL:.4f}, and less than half an answer)",
    f"there are {number_of_classes.LEAST_PER_CLASS} respondents a class",
    f"from {RANDOM_STARTS} random starts",
    f"at least {number_of_classes.ACCEPTABLE:g} and whose BIC",
    f"least {number_of_classes.KEPT_GAIN * 100:g} % of the best gain",
    f"answers ({number_of_classes.SHUFFLES} refits)",
    f"a BIC of more than {verdict.BIC_MARGIN:g}",
    f"less than {verdict.LEVELS * 100:g} % of the difference",
    f"stability ≥ {verdict.NATURAL_STABILITY:g}; relative entropy ≥ {verdict.NATURAL_ENTROPY:g}",
    f"every segment ≥ {verdict.NATURAL_SEGMENT:g};",
    f"stability ≥ {verdict.REPRODUCIBLE_STABILITY:g} and every "
    f"segment ≥ {verdict.REPRODUCIBLE_SEGMENT:g}",
    f"at least {verdict.ABOVE_NOISE:g} above that of shuffled",
    f"at least {personas.LEAST_N} respondents and a tenth",
    f"every cell of the comparison would hold {personas_descriptions.EXPECTED:g} people",
    f"ten folds (five under {comparison_run.SMALL} respondents), three repeats (two beyond 4,000)",
    ", ".join(f"{penalty:g}" for penalty in PENALTIES),
    f"Refused under {comparison_outcome.LEAST_ROWS} respondents; "
    f"doubted under {comparison_outcome.FEW_ROWS}",
    f"Under {opportunity_rows.FEW} respondents a warning; under {opportunity_rows.TOO_FEW} no zone",
    f"importance under {opportunity_rows.UNIMPORTANT:g}, not over-served",
    f"more than {opportunity_rows.ONE_ANSWER * 100:g} % of them",
    f"**Interval.** {opportunity.DRAWS:,} replicates",
    f"Jeffreys' prior of {PRIOR:g} a cell",
    f"{opportunity_intervals.POSTERIOR_DRAWS:,} draws",
    f"k is {opportunity.TOP} unless you say otherwise",
    f"relative entropy is under {opportunity_segments.OVERLAP:g}",
    f"{opportunity_ranking.CHANCE:g} × the number of outcomes",
    f"Under {qualitative.FEW} participants",
    f"accuracy under {LOW_ACCURACY * 100:g} %",
    f"Bayesian bootstrap of {targets.DRAWS} replicates",
    f"Under {targets.FEW} raters in a segment",
]


@pytest.mark.parametrize("sentence", _STATED)
def test_the_method_states_the_constants_of_the_code(sentence: str) -> None:
    assert sentence in _METHOD


def test_the_number_of_repeats_is_that_of_the_code() -> None:
    repeats = (comparison_run.REPEATS, comparison_run.FEWER_REPEATS, comparison_run.MANY_ROWS)
    assert repeats == (3, 2, 4000)
    assert personas.LEAST_SHARE == 0.10


def test_the_page_on_links_states_the_same_threshold() -> None:
    assert f"from a similarity of {LEAST_SIMILARITY:g} on" in _LINKS
