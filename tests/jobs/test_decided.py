"""What a person put together stays together."""

import numpy as np

from embauche.identify.evidence import Evidence
from embauche.jobs.decided import put_together
from embauche.vocabulary import Facet, Language


def _goals(people: str) -> list[Evidence]:
    return [
        Evidence(
            f"g{at}", "s", who, at, at + 1, "x", Facet.JOB_FUNCTIONAL, Language.FR, "machine:test"
        )
        for at, who in enumerate(people)
    ]


def test_a_set_becomes_one_group_across_others() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1, -1])
    found = put_together(_goals("abcdefg"), labels, [{"g2", "g3", "g6"}])
    assert len({found[2], found[3], found[6]}) == 1
    assert found[0] == found[1] != found[2]
    assert found[4] == found[5] != found[2]
    assert sorted(set(found.tolist())) == [0, 1, 2]


def test_the_rest_of_a_group_follows_where_most_of_it_went() -> None:
    found = put_together(_goals("abcd"), np.array([0, 0, 0, -1]), [{"g0", "g1"}])
    assert found[2] == found[0]
    assert found[3] == -1


def test_a_group_left_with_one_person_is_dissolved() -> None:
    found = put_together(_goals("abca"), np.array([0, 0, 0, 0]), [{"g0"}, {"g1", "g2"}])
    assert found[3] == -1 or found[3] in {found[0], found[1]}
    assert found[0] != found[1] == found[2]


def test_without_decisions_nothing_changes() -> None:
    labels = np.array([0, 1, -1])
    assert put_together(_goals("abc"), labels, []).tolist() == labels.tolist()
