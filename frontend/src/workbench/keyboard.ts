import { codingKey, undo } from "./coding";
import { focusHeld } from "./held";

// j and k go through the evidence of a page; a, x and u press the buttons that are there; digits
// lead to the stages; ? lists it all. Nothing happens while someone types.

const notes = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-evidence]")];

function current(): HTMLElement | null {
  return focusHeld()?.closest<HTMLElement>("[data-evidence]") ?? null;
}

function move(step: 1 | -1): void {
  const all = notes();
  const here = current();
  if (!all.length) return;
  let next: HTMLElement | undefined;
  if (here) {
    next = all[all.indexOf(here) + step];
  } else {
    const waiting = all.filter((note) => note.getBoundingClientRect().top > 60);
    next = step === 1 ? (waiting[0] ?? all[0]) : all[all.length - 1];
  }
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "center", behavior: still() ? "auto" : "smooth" });
}

const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

const keys = document.getElementById("keys") as HTMLDialogElement | null;

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !typing(event.target) && !keys?.open) {
    const pressed = event.key.toLowerCase();
    const again = pressed === "y" || (pressed === "z" && event.shiftKey);
    if ((again || pressed === "z") && undo(again ? "redo" : "undo")) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || keys?.open) return;
  const key = event.key.toLowerCase();
  if (answer(event, key) || codingKey(event, key)) {
    event.preventDefault();
    return;
  }
  if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
  else if (key === "?") keys?.showModal();
  else if (key === "a" || key === "x" || key === "u") press(key);
  else if (/^[1-6]$/.test(key)) {
    document.querySelector<HTMLAnchorElement>(`a[data-stage="${key}"]`)?.click();
  } else return;
  event.preventDefault();
});

function press(key: string): void {
  current()?.querySelector<HTMLButtonElement>(`[data-key="${key}"]`)?.click();
}

// A sentence of the queue: a letter answers with its facet, with the shift key it ticks it; the
// other keys are named on their buttons. Enter on a button presses that button.
function answer(event: KeyboardEvent, key: string): boolean {
  const asked = document.getElementById("teach");
  if (!asked || document.querySelector(".htmx-request")) return false;
  if (key === "enter" && event.target instanceof Element && event.target.matches("a, button, summary")) {
    return false;
  }
  if (event.shiftKey) {
    const box = asked.querySelector<HTMLInputElement>(`[data-tick="${CSS.escape(key)}"]`);
    box?.click();
    return box !== null;
  }
  const button = asked.querySelector<HTMLButtonElement>(`[data-answer="${CSS.escape(key)}"]`);
  button?.click();
  return button !== null;
}

for (const button of document.querySelectorAll("[data-keys], [data-keys-open]")) {
  button.addEventListener("click", () => keys?.showModal());
}

// What was decided is replaced by what stands now: the focus stays on it, so that j goes on from
// there, and it is said aloud.
let decided: string | null = null;
document.addEventListener("htmx:before:request", () => {
  // A transcript keeps its own focus.
  const note = current();
  decided = note?.closest(".can-code") ? null : (note?.id ?? null);
});
document.addEventListener("htmx:after:swap", () => {
  const question = document.getElementById("question");
  if (question && !question.contains(document.activeElement)) {
    question.focus({ preventScroll: true });
    const learned = document.getElementById("taught")?.textContent?.trim() ?? "";
    const words = document.getElementById("asked-words")?.textContent?.trim() ?? "";
    const aloud = document.getElementById("said");
    if (aloud) aloud.textContent = `${learned} ${words}`;
  }
  if (!decided) return;
  const note = document.getElementById(decided);
  decided = null;
  note?.focus({ preventScroll: true });
  const said = document.getElementById("said");
  if (note && said) said.textContent = note.querySelector(".what")?.textContent?.trim() ?? "";
});
