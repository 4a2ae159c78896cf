// Keeps the strokes in the words in step with the evidence beside them, and leads from one to the
// other. Evidence and strokes share a number: `data-evidence` beside, `data-e` in the words.

const DOUBT = "\u202f?";

function redraw(note: HTMLElement): void {
  const number = note.dataset.evidence ?? "";
  const status = note.dataset.status;
  for (const stroke of document.querySelectorAll<HTMLElement>(`mark[data-e="${number}"]`)) {
    stroke.classList.toggle("is-proposed", status === "proposed");
    stroke.classList.toggle("is-rejected", status === "rejected");
  }
  for (const tag of document.querySelectorAll<HTMLElement>(`sup[data-tag="${number}"]`)) {
    tag.hidden = status === "rejected";
    tag.textContent = (note.dataset.letter ?? "") + (status === "proposed" ? DOUBT : "");
  }
}

function point(number: string | undefined, on: boolean): void {
  if (!number) return;
  for (const stroke of document.querySelectorAll(`mark[data-e="${number}"]`)) {
    stroke.classList.toggle("is-pointed", on);
  }
}

document.addEventListener("htmx:after:swap", () => {
  for (const note of document.querySelectorAll<HTMLElement>(".reading [data-evidence]")) redraw(note);
});

for (const [event, on] of [
  ["focusin", true],
  ["focusout", false],
  ["mouseover", true],
  ["mouseout", false],
] as const) {
  document.addEventListener(event, (happened) => {
    const note = (happened.target as Element).closest<HTMLElement>(".reading [data-evidence]");
    if (note) point(note.dataset.evidence, on);
  });
}

document.addEventListener("click", (happened) => {
  const stroke = (happened.target as Element).closest<HTMLElement>(".reading mark[data-e]");
  if (stroke) document.getElementById(`e${stroke.dataset.e}`)?.focus();
});
