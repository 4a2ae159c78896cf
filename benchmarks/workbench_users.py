"""Virtual users of the workbench: what they open, what they write, and how they read a page."""

from __future__ import annotations

import asyncio
import re
import time
from html.parser import HTMLParser
from typing import Any

import httpx
import numpy as np
from large_study import PASSWORD

_S = "/studies/large/"
# How often each page is opened, among pages.
PAGES = {
    "overview": 8, "sources": 5, "source": 14, "evidence": 16, "review-page": 10, "jobs": 8,
    "board": 10, "matrix": 5, "cell": 3, "canvas": 3, "empathy": 2, "segments": 4, "compare": 1,
    "priorities": 4, "targets": 3, "steps": 3, "saturation": 1, "agreement": 1, "activity": 3,
    "search": 4, "home": 3, "people": 1, "guide": 2, "survey": 1, "participants": 2, "comments": 3,
    "teach": 2, "settings": 1,
}  # fmt: skip
WITH_CHARTS = ("segments", "compare", "priorities", "targets", "saturation")
_WRITES = {"review": 0.5, "code": 0.25, "comment": 0.15, "wording": 0.1}
_FACETS = ("context", "objective", "frustration", "emotion", "alternative", "trigger")


class Forms(HTMLParser):
    """The forms of a page: address and fields; and its scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.assets: list[str] = []
        self.token = ""
        self._open: dict[str, Any] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, a field, a script or a style sheet."""
        have = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = {"action": have.get("action", ""), "fields": {}}
            self.forms.append(self._open)
        elif tag in {"input", "button"} and self._open is not None and "name" in have:
            self._open["fields"].setdefault(have["name"], have.get("value", ""))
        if have.get("name") == "csrfmiddlewaretoken":
            self.token = have.get("value", "")
        if tag == "script" and "src" in have:
            self.assets.append(have["src"])
        if tag == "link" and have.get("rel") in {"stylesheet", "modulepreload"}:
            self.assets.append(have["href"])

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        if tag == "form":
            self._open = None

    def of(self, pattern: str) -> list[dict[str, Any]]:
        """Return the forms whose address matches."""
        return [form for form in self.forms if re.search(pattern, form["action"])]


def log_in_form(html: str, name: str) -> dict[str, str]:
    """Return the fields of the log-in, filled in."""
    return {"csrfmiddlewaretoken": Forms(html).token, "name": name, "password": PASSWORD}


async def logged_in(client: httpx.AsyncClient, name: str) -> None:
    """Log a user in."""
    page = await client.get("/login/")
    answer = await client.post("/login/", data=log_in_form(page.text, name))
    if answer.status_code != 302:
        message = f"log-in of {name}: {answer.status_code}"
        raise RuntimeError(message)


def address(name: str, known: dict[str, list[int]], rng: np.random.Generator) -> str:
    """Return the address of a kind of page, of a source or job drawn at random."""

    def one(kind: str) -> int:
        return known[kind][int(rng.integers(len(known[kind])))]

    return {
        "home": "/",
        "overview": _S,
        "source": f"{_S}sources/{one('sources')}/",
        "evidence": f"{_S}evidence/?page={int(rng.integers(1, 40))}",
        "review-page": f"{_S}evidence/?status=proposed",
        "cell": f"{_S}matrix/{one('jobs')}/frustration/",
        "canvas": f"{_S}jobs/{one('jobs')}/canvas/",
        "empathy": f"{_S}jobs/{one('jobs')}/empathy/",
        "search": f"{_S}search/?q={['client', 'gloves', 'price', 'minute'][int(rng.integers(4))]}",
        "comments": f"{_S}comments/job/{one('jobs')}/",
        "teach": f"{_S}evidence/teach/",
    }.get(name, f"{_S}{name}/")


def known_from(sources: str, jobs: str) -> dict[str, list[int]]:
    """Return the numbers of sources and jobs that two pages name."""
    return {
        "sources": sorted({int(n) for n in re.findall(r"/sources/(\d+)/", sources)}),
        "jobs": sorted({int(n) for n in re.findall(r"/jobs/(\d+)/", jobs)}),
    }


def weigh(base: str) -> tuple[dict[str, dict[str, float]], dict[str, list[int]]]:
    """Open each page twice as one person and count its bytes; also tell what can be opened."""
    found: dict[str, dict[str, float]] = {}
    rng = np.random.default_rng(1)
    with httpx.Client(base_url=base, timeout=60, headers={"accept-language": "en"}) as client:
        page = client.get("/login/")
        client.post("/login/", data=log_in_form(page.text, "user01"))
        sources = client.get(f"{_S}sources/").text
        jobs = client.get(f"{_S}jobs/").text
        known = known_from(sources, jobs)
        if not all(known.values()):
            message = "the pages of sources and jobs name none: does the server work?"
            raise RuntimeError(message)
        sizes: dict[str, int] = {}
        for name in PAGES:
            where = address(name, known, rng)
            times, raw, sent = [], 0, 0
            for _ in range(2):
                began = time.perf_counter()
                with client.stream("GET", where) as answer:
                    body = b"".join(answer.iter_bytes())
                    sent = answer.num_bytes_downloaded
                times.append(round((time.perf_counter() - began) * 1000, 1))
                raw = len(body)
            assets = Forms(body.decode()).assets
            for asset in assets:
                if asset not in sizes:
                    with client.stream("GET", asset) as answer:
                        for _ in answer.iter_bytes():
                            pass
                        sizes[asset] = answer.num_bytes_downloaded
            found[name] = {
                "status": answer.status_code,
                "cold_ms": times[0],
                "again_ms": times[1],
                "kB_raw": round(raw / 1000, 1),
                "kB": round(sent / 1000, 1),
                "kB_with_assets": round((sent + sum(sizes[each] for each in assets)) / 1000, 1),
            }
    return found, known


class User:
    """One person: opens pages, and writes now and then."""

    def __init__(
        self,
        name: str,
        client: httpx.AsyncClient,
        measured: Any,
        rng: np.random.Generator,
        writes: float,
        known: dict[str, list[int]],
    ) -> None:
        self.name, self.client, self.measured, self.rng = name, client, measured, rng
        self.writes, self.known = writes, known
        self.token = ""
        self.count = 0

    async def work(self, until: float, think: float) -> None:
        """Open and write until the time is over."""
        await asyncio.sleep(float(self.rng.uniform(0, think)))
        home = await self.client.get("/")
        self.token = Forms(home.text).token
        names, shares = list(PAGES), np.array(list(PAGES.values()), dtype=float)
        shares /= shares.sum()
        kinds, parts = list(_WRITES), list(_WRITES.values())
        while True:
            await asyncio.sleep(float(self.rng.exponential(think)))
            if time.monotonic() >= until:
                return
            try:
                if self.rng.random() < self.writes:
                    await getattr(self, str(self.rng.choice(kinds, p=parts)))()
                else:
                    name = str(self.rng.choice(names, p=shares))
                    await self.open(name, address(name, self.known, self.rng))
            except httpx.HTTPError as error:
                self.measured.errors.append(f"{type(error).__name__} {error}")

    async def open(self, name: str, where: str) -> str:
        """Open a page and note its time."""
        began = time.perf_counter()
        answer = await self.client.get(where, follow_redirects=True)
        self.measured.pages.setdefault(name, []).append(time.perf_counter() - began)
        if answer.status_code != 200:
            self.measured.errors.append(f"GET {where}: {answer.status_code}")
        return answer.text

    async def send(self, kind: str, where: str, data: dict[str, Any], done: dict[str, Any]) -> None:
        """Write as htmx does; what is answered as done is looked for at the end."""
        began = time.perf_counter()
        answer = await self.client.post(
            where, data=data, headers={"HX-Request": "true", "X-CSRFToken": self.token}
        )
        self.measured.writes.setdefault(kind, []).append(time.perf_counter() - began)
        if answer.status_code == 409 or 'role="alert"' in answer.text:
            self.measured.conflicts += 1
        elif answer.status_code >= 400:
            self.measured.errors.append(f"POST {where}: {answer.status_code}")
        else:
            self.measured.done.append({"kind": kind, "user": self.name, **done})

    async def review(self) -> None:
        """Decide about a proposal of a list."""
        where = address("evidence", self.known, self.rng).replace("?", "?status=proposed&")
        page = Forms(await self.open("evidence", where))
        forms = [form for form in page.of(r"/evidence/\d+/review/") if "decision" in form["fields"]]
        if not forms:
            return
        form = forms[int(self.rng.integers(len(forms)))]
        status = "accepted" if self.rng.random() < 0.7 else "rejected"
        await asyncio.sleep(float(self.rng.exponential(1.0)))
        on_page = re.findall(r"/evidence/(\d+)/review/", " ".join(f["action"] for f in forms))
        number = int(re.findall(r"/evidence/(\d+)/review/", form["action"])[0])
        await self.send(
            "review",
            form["action"],
            {**form["fields"], "decision": status, "on_page": list(dict.fromkeys(on_page))},
            {"of": number, "status": status},
        )

    async def code(self) -> None:
        """Give a sentence of a transcript a facet."""
        source = self.known["sources"][int(self.rng.integers(len(self.known["sources"])))]
        html = await self.open("source", f"{_S}sources/{source}/")
        spans = re.findall(r'data-start="(\d+)" data-end="(\d+)"', html)
        if not spans:
            self.measured.errors.append("no sentence on a transcript's page")
            return
        start, end = spans[int(self.rng.integers(len(spans)))]
        facet = str(self.rng.choice(_FACETS))
        await asyncio.sleep(float(self.rng.exponential(1.0)))
        await self.send(
            "code",
            f"{_S}sources/{source}/code/",
            {"start": start, "end": end, "facet": facet, "by": "keyboard"},
            {"span": [source, int(start), int(end), facet]},
        )

    async def comment(self) -> None:
        """Say something of a job."""
        job = self.known["jobs"][int(self.rng.integers(len(self.known["jobs"])))]
        self.count += 1
        text = f"Remark {self.count} of {self.name}, for a benchmark."
        await self.send("comment", f"{_S}comments/job/{job}/", {"text": text}, {"text": text})

    async def wording(self) -> None:
        """Word a job anew."""
        page = Forms(await self.open("jobs", f"{_S}jobs/"))
        forms = page.of(r"/statement/")
        form = forms[int(self.rng.integers(len(forms)))]
        self.count += 1
        text = f"Find a note {self.count} for {self.name} in time"
        await self.send(
            "wording", form["action"], {**form["fields"], "statement": text}, {"text": text}
        )
