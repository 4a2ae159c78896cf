"""Evidence: what a span of a participant's words speaks for."""

from __future__ import annotations

from embauche.identify.agreement import Agreement, FacetAgreement, agreement
from embauche.identify.agreement_coefficients import (
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from embauche.identify.agreement_figures import Estimate
from embauche.identify.coded_units import CodedUnits, CodingUnit, coded_sets, coding_units
from embauche.identify.coder import (
    Calibration,
    Coding,
    OfflineCoder,
    Utterance,
    shipped_coder,
)
from embauche.identify.corrections import Correction
from embauche.identify.disagreements import Disagreement, disagreements
from embauche.identify.emotion import EmotionHint, EmotionKind, emotion_hints
from embauche.identify.evidence import Evidence, verified
from embauche.identify.frequency import frequency_per_month
from embauche.identify.heard_corpus import HeardCorpus, hear_corpus
from embauche.identify.learning import Adjustment, learn, teaching
from embauche.identify.llm_coder import LLMProposals, propose_with_llm
from embauche.identify.llm_evidence import asks_of
from embauche.identify.llm_settings import LLMSettings, llm_settings
from embauche.identify.llm_union import union_of_proposals
from embauche.identify.llm_usage import LLMEstimate, estimate_sending
from embauche.identify.moments import moments
from embauche.identify.proposals import (
    HeardListener,
    Proposals,
    evidence_id,
    proposals_of,
    propose,
)
from embauche.identify.rating import dissatisfaction, intensity, valence
from embauche.identify.remembered_talk import (
    Relearned,
    RememberedTalk,
    remember_talk,
    talk_from_bytes,
    talk_to_bytes,
)
from embauche.identify.saturation import Saturation, Verdict, saturation
from embauche.identify.vectors import SentenceVectors, UniversalVectors, shared_vectors

__all__ = [
    "Adjustment",
    "Agreement",
    "Calibration",
    "CodedUnits",
    "Coding",
    "CodingUnit",
    "Correction",
    "Disagreement",
    "EmotionHint",
    "EmotionKind",
    "Estimate",
    "Evidence",
    "FacetAgreement",
    "HeardCorpus",
    "HeardListener",
    "LLMEstimate",
    "LLMProposals",
    "LLMSettings",
    "OfflineCoder",
    "Proposals",
    "Relearned",
    "RememberedTalk",
    "Saturation",
    "SentenceVectors",
    "UniversalVectors",
    "Utterance",
    "Verdict",
    "agreement",
    "asks_of",
    "coded_sets",
    "coding_units",
    "cohen_kappa",
    "disagreements",
    "dissatisfaction",
    "emotion_hints",
    "estimate_sending",
    "evidence_id",
    "frequency_per_month",
    "gwet_ac1",
    "hear_corpus",
    "intensity",
    "krippendorff_alpha",
    "learn",
    "llm_settings",
    "moments",
    "percent_agreement",
    "proposals_of",
    "propose",
    "propose_with_llm",
    "remember_talk",
    "saturation",
    "shared_vectors",
    "shipped_coder",
    "talk_from_bytes",
    "talk_to_bytes",
    "teaching",
    "union_of_proposals",
    "valence",
    "verified",
]
