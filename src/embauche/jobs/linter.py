"""The linter of job statements: the grammar of METHOD.md section 1, each fault with its mend."""

from __future__ import annotations

from embauche.jobs.clause import MOST_WORDS
from embauche.jobs.foreign_words import BRANDS, METRICS, SOLUTIONS, product_pattern
from embauche.jobs.mending import mended, verb_to_begin_with
from embauche.jobs.statement_grammar import (
    in_form,
    says_feeling,
    says_image,
    second_job,
    starts_with_infinitive,
)
from embauche.notices import Notice
from embauche.vocabulary import JobType, Language


def lint_statement(
    text: str, job_type: JobType, language: Language, *, product: str = ""
) -> tuple[Notice, ...]:
    """Check a job's statement against the grammar of its type.

    Parameters
    ----------
    text
        The statement.
    job_type, language
        What grammar, and in which language.
    product
        The product's name, which a job must not hold.

    Returns
    -------
    tuple of Notice
        Severity ``"weak"``; empty where the statement is well formed. The message of each says
        why and what to do. Parameters hold what was found (``found``) and, where the statement's
        own words allow one, a wording without that fault and without a new one (``proposal``).
    """
    text = text.strip().replace("’", "'")
    faults = _faults(text, job_type, language, product)
    codes = {fault.code for fault in faults}
    made = []
    for fault in faults:
        proposal = mended(text, fault, language, product=product, job_type=job_type)
        left = _faults(proposal, job_type, language, product) if proposal else []
        if proposal and {item.code for item in left} <= codes - {fault.code}:
            params = {**fault.params, "proposal": proposal}
            if fault.code == "jobs.lint.two_jobs":
                params["mend"] = proposal
            fault = Notice(fault.code, params, fault.severity)  # noqa: PLW2901 (now mended)
        made.append(fault)
    return tuple(made)


def _faults(text: str, job_type: JobType, language: Language, product: str) -> list[Notice]:
    if not text:
        return [Notice("jobs.lint.empty", {})]
    if text[0] in '«“"':
        return [Notice("jobs.lint.quote", {})]
    faults: list[Notice] = []
    if not in_form(text, job_type, language):
        faults.append(Notice(f"jobs.lint.{job_type.value}_form", {"found": text}))
    if job_type is JobType.FUNCTIONAL:
        faults.extend(_functional(text, language))
    faults.extend(_words(text, job_type, language, product))
    return faults


def _functional(text: str, language: Language) -> list[Notice]:
    faults: list[Notice] = []
    if says_feeling(text, language):
        return [Notice("jobs.lint.feeling", {"found": text})]
    if says_image(text, language):
        return [Notice("jobs.lint.image", {"found": text})]
    if not starts_with_infinitive(text, language):
        first = text.split(maxsplit=1)[0]
        verb = verb_to_begin_with(text, language)
        faults.append(Notice("jobs.lint.no_infinitive", {"found": first, "mend": verb}))
    elif len(text.split()) < 2:
        faults.append(Notice("jobs.lint.no_object", {"found": text}))
    metric = METRICS[language].search(text)
    if metric:
        faults.append(Notice("jobs.lint.metric", {"found": metric.group()}))
    joined = second_job(text, language)
    if joined is not None:
        faults.append(
            Notice(
                "jobs.lint.two_jobs",
                {
                    "found": text[joined.start() :].strip(),
                    "mend": text[: joined.start()].rstrip(" ,"),
                },
            )
        )
    return faults


def _begun(text: str) -> int:
    """Return where the second word begins: the first has its capital from the sentence."""
    return len(text.split(maxsplit=1)[0])


def _words(text: str, job_type: JobType, language: Language, product: str) -> list[Notice]:
    faults: list[Notice] = []
    named = product_pattern(product)
    brand = (named.search(text) if named else None) or BRANDS.search(text, _begun(text))
    if brand:
        faults.append(Notice("jobs.lint.brand", {"found": brand.group()}))
    solution = SOLUTIONS[language].search(text)
    if solution and job_type is not JobType.RELATED and not brand:
        faults.append(Notice("jobs.lint.solution", {"found": solution.group()}))
    n = len(text.split())
    if job_type is not JobType.RELATED and n > MOST_WORDS:
        faults.append(Notice("jobs.lint.too_long", {"n": n, "most": MOST_WORDS}))
    return faults
