import htmx from "htmx.org";
import { focusHeld } from "./held";
import { base, type Span, spanOf, textOf } from "./offsets";

// Coding a transcript, or what a search found: words are selected, or sentences chosen with the
// keys, and one key gives them a facet. The server answers with the turn alone.

const place = document.querySelector<HTMLElement>(".can-code");
const palette = document.getElementById("palette");
const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

// --- Where the keyboard is: one sentence of the page takes part in the order of tabs. ---

const sentences = (): HTMLElement[] => [...(place?.querySelectorAll<HTMLElement>(".s") ?? [])];
const here = (): HTMLElement | null => focusHeld()?.closest<HTMLElement>(".can-code .s") ?? null;
const note = (): HTMLElement | null => focusHeld()?.closest<HTMLElement>(".reading [data-evidence]") ?? null;
let last: string | null = null;
let anchor: HTMLElement | null = null;

function say(text: string): void {
  const aloud = document.getElementById("said");
  if (aloud) aloud.textContent = text;
}

function chosen(): HTMLElement[] {
  return [...(place?.querySelectorAll<HTMLElement>(".s.is-chosen") ?? [])];
}

function unchoose(): void {
  for (const sentence of chosen()) sentence.classList.remove("is-chosen");
}

function rove(sentence: HTMLElement): void {
  for (const other of place?.querySelectorAll<HTMLElement>('.s[tabindex="0"]') ?? []) other.tabIndex = -1;
  sentence.tabIndex = 0;
  last = sentence.dataset.start ?? null;
}

function into(sentence: HTMLElement, block: ScrollLogicalPosition = "nearest"): void {
  rove(sentence);
  sentence.focus({ preventScroll: true });
  sentence.scrollIntoView({ block, behavior: still() ? "auto" : "smooth" });
  const all = sentences();
  const number = String(all.indexOf(sentence) + 1);
  const codes = new Set([...sentence.querySelectorAll<HTMLElement>(".tag")].map((tag) => tag.title));
  say([place?.dataset.of?.replace("{n}", number), ...codes].filter(Boolean).join(" · "));
}

function lastPlace(): HTMLElement | null {
  return last === null ? null : (place?.querySelector<HTMLElement>(`.s[data-start="${last}"]`) ?? null);
}

function step(by: 1 | -1, extend: boolean): void {
  const all = sentences();
  const from = here() ?? lastPlace();
  if (!from) {
    const first = place?.querySelector<HTMLElement>("[data-here]") ?? all.find((one) => one.getBoundingClientRect().top > 60) ?? all[0];
    if (first) into(first, "center");
    return;
  }
  const next = all[all.indexOf(from) + by];
  if (!next) return;
  if (extend && next.closest(".said") === from.closest(".said")) {
    anchor ??= from;
    into(next);
    const [a, b] = [all.indexOf(anchor), all.indexOf(next)].sort((x, y) => x - y) as [number, number];
    all.forEach((one, at) => one.classList.toggle("is-chosen", at >= a && at <= b));
    say(all.slice(a, b + 1).map((one) => words(one)).join(" "));
    return;
  }
  if (extend) return;
  leave();
  into(next, "center");
}

const words = (sentence: Element): string => textOf(sentence).join("").trim();

function leave(): void {
  anchor = null;
  unchoose();
  close();
}

// --- What is to be coded: the selection where there is one, else the chosen sentences. ---

let selected: { said: HTMLElement; span: Span } | null = null;

function spanOfSentences(): { said: HTMLElement; span: Span } | null {
  const some = chosen();
  const focused = here();
  const all = some.length ? some : focused ? [focused] : [];
  const said = all[0]?.closest<HTMLElement>(".said");
  const first = all[0];
  const end = all[all.length - 1];
  if (!said || !first || !end) return null;
  const start = Number(first.dataset.start);
  const until = Number(end.dataset.end);
  // On a page of hits a line holds one sentence, and its own words alone are counted.
  const from = said.hasAttribute("data-code") ? start : base(said);
  return { said, span: { start, end: until, words: textOf(said).slice(start - from, until - from).join("") } };
}

function give(facet: string): void {
  const what = selected ?? spanOfSentences();
  if (!what || !place) return;
  const by = selected ? "mouse" : "keyboard";
  const url = what.said.dataset.code ?? place.dataset.code;
  if (!url) return;
  const given = what.said.dataset.given;
  window.getSelection()?.removeAllRanges();
  if (by === "mouse") last = nearest(what.said, what.span.start)?.dataset.start ?? last;
  close();
  void htmx.ajax("POST", url, {
    source: place,
    ...(given ? { target: `#${given}`, swap: "beforeend" } : { swap: "none" }),
    values: {
      facet,
      by,
      start: what.span.start,
      end: what.span.end,
      quote: what.span.words,
      ...(given ? { view: "hit" } : {}),
    },
  });
}

function nearest(said: HTMLElement, position: number): HTMLElement | null {
  const all = [...said.querySelectorAll<HTMLElement>(".s")];
  return all.find((one) => Number(one.dataset.end) > position) ?? null;
}

// --- The palette stands at the selection. ---

function close(): void {
  selected = null;
  if (palette) palette.hidden = true;
}

function open(said: HTMLElement, span: Span, range: Range): void {
  if (!palette || !place) return;
  selected = { said, span };
  const shown = document.getElementById("chosen-words");
  if (shown) shown.textContent = span.words.length > 90 ? `${span.words.slice(0, 89)}…` : span.words;
  const move = palette.querySelector<HTMLElement>("[data-move]");
  if (move) move.hidden = !pointed();
  palette.hidden = false;
  const box = range.getBoundingClientRect();
  const frame = place.getBoundingClientRect();
  const width = palette.offsetWidth;
  const left = Math.max(8, Math.min(box.left - frame.left, place.clientWidth - width - 8));
  const below = box.bottom - frame.top + 10;
  const fits = box.bottom + palette.offsetHeight + 20 < window.innerHeight;
  const above = box.top - frame.top - palette.offsetHeight - 10;
  palette.style.left = `${left}px`;
  palette.style.top = `${fits || above < 0 ? below : above}px`;
}

/** The evidence whose editor is open: its words can be moved to the selection. */
function pointed(): HTMLElement | null {
  return place?.querySelector<HTMLElement>("[data-evidence]:has(form.edit)") ?? null;
}

function look(): void {
  const selection = window.getSelection();
  if (!place || !selection || selection.isCollapsed || !selection.rangeCount) {
    if (palette && !palette.contains(document.activeElement)) close();
    return;
  }
  const range = selection.getRangeAt(0);
  const from = (range.startContainer instanceof Element ? range.startContainer : range.startContainer.parentElement)?.closest<HTMLElement>(".said");
  const to = (range.endContainer instanceof Element ? range.endContainer : range.endContainer.parentElement)?.closest<HTMLElement>(".said");
  const said = from ?? to;
  if (!said || !place.contains(said) || (from && to && from !== to) || !said.querySelector(".s")) {
    close();
    return;
  }
  const scope = said.hasAttribute("data-code") ? (said.querySelector<HTMLElement>(".s") ?? said) : said;
  const span = spanOf(scope, range);
  if (span) open(said, span, range);
  else close();
}

if (place && palette) {
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, 180);
  });
  palette.addEventListener("pointerdown", (event) => event.preventDefault());
  palette.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("button");
    if (!button) return;
    if (button.dataset.facet) give(button.dataset.facet);
    else if (button.hasAttribute("data-move")) moveHere();
    else {
      window.getSelection()?.removeAllRanges();
      close();
    }
  });
  for (const one of place.querySelectorAll<HTMLElement>("[data-evidence]")) one.tabIndex = -1;
  const first = place.querySelector<HTMLElement>("[data-here]");
  if (first) into(first, "center");
  else {
    const one = sentences()[0];
    if (one) rove(one);
    last = null;
  }
  place.addEventListener("click", (event) => {
    const target = event.target as Element;
    const sentence = target.closest<HTMLElement>(".s");
    if (!sentence || target.closest("mark[data-e]") || !window.getSelection()?.isCollapsed) return;
    leave();
    rove(sentence);
    sentence.focus({ preventScroll: true });
  });
}

function moveHere(): void {
  const form = pointed()?.querySelector<HTMLFormElement>("form.edit");
  const what = selected;
  if (!form || !what) return;
  const version = form.querySelector<HTMLInputElement>("[name=version]")?.value ?? "";
  window.getSelection()?.removeAllRanges();
  close();
  void htmx.ajax("POST", form.action, {
    source: form,
    swap: "none",
    values: { do: "span", version, start: what.span.start, end: what.span.end, quote: what.span.words },
  });
}

// --- Keys. ---

function press(within: Element | null, key: string): boolean {
  const button = within?.querySelector<HTMLElement>(`[data-key="${key}"]`);
  button?.click();
  return Boolean(button);
}

function beside(by: 1 | -1, waiting: boolean): boolean {
  const all = [...document.querySelectorAll<HTMLElement>(waiting ? '.reading [data-status="proposed"]' : ".reading [data-evidence]")];
  const from = note() ?? here() ?? lastPlace();
  let next: HTMLElement | undefined;
  if (!from) next = by === 1 ? all[0] : all[all.length - 1];
  else {
    const order = by === 1 ? all : [...all].reverse();
    const mask = by === 1 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    next = order.find((one) => one !== from && from.compareDocumentPosition(one) & mask);
  }
  if (!next) return false;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center", behavior: still() ? "auto" : "smooth" });
  return true;
}

function edit(current: HTMLElement, field: string): void {
  const into_ = current.querySelector<HTMLElement>(field);
  if (into_) {
    into_.focus();
    return;
  }
  wanted = field;
  press(current, "r");
}
let wanted: string | null = null;

/** Take a key of the transcript; false where it means nothing here. */
export function codingKey(event: KeyboardEvent, key: string): boolean {
  const takes = place !== null || document.getElementById("undo-bar") !== null;
  if (!takes) return false;
  const current = note();
  if (current) {
    if (event.shiftKey && key.length === 1) return recode(current, key) || (key === "n" && beside(-1, true));
    if (key === "j" || key === "arrowdown") return beside(1, false);
    if (key === "k" || key === "arrowup") return beside(-1, false);
    if (key === "a" || key === "x") return press(current, key);
    if (key === "u") return press(current, key) || undo("undo");
    if (key === "r") return press(current, "r");
    if (key === "m") return (edit(current, "[data-memo]"), true);
    if (key === "n") return beside(1, true) || true;
    if (key === "delete" || key === "backspace") return removed(current);
    if (key === "arrowleft" || key === "escape") return back(current);
    return false;
  }
  const listed = focusHeld()?.closest("[data-evidence]");
  if (key === "u" && !listed?.querySelector('[data-key="u"]')) return undo(event.shiftKey ? "redo" : "undo");
  if (!place) return false;
  if (key === "escape") {
    window.getSelection()?.removeAllRanges();
    leave();
    return true;
  }
  if (key === "j" || key === "k" || key === "arrowdown" || key === "arrowup") {
    if (key.startsWith("arrow") && !here() && !event.shiftKey) return false;
    step(key === "j" || key === "arrowdown" ? 1 : -1, event.shiftKey);
    return true;
  }
  if (event.shiftKey && key !== "n") return false;
  if (key === "n") return beside(event.shiftKey ? -1 : 1, true);
  if ((key === "arrowright" || key === "enter" || key === "m") && here()) return toNotes(key === "m");
  const button = palette?.querySelector<HTMLElement>(`[data-letter="${CSS.escape(key)}"]`);
  if (button?.dataset.facet && (selected || here())) {
    give(button.dataset.facet);
    return true;
  }
  return false;
}

function toNotes(memo: boolean): boolean {
  const sentence = here();
  const turn = sentence?.closest(".turn");
  const marks = new Set([...(sentence?.querySelectorAll<HTMLElement>("mark[data-e]") ?? [])].map((mark) => mark.dataset.e));
  const all = [...(turn?.querySelectorAll<HTMLElement>("[data-evidence]") ?? [])];
  const next = all.find((one) => marks.has(one.dataset.evidence)) ?? all[0];
  next?.focus();
  if (next && memo) edit(next, "[data-memo]");
  return Boolean(next);
}

function back(current: HTMLElement): boolean {
  const number = current.dataset.evidence;
  const stroke = document.querySelector<HTMLElement>(`mark[data-e="${number}"]`);
  const sentence = stroke?.closest<HTMLElement>(".s") ?? current.closest(".turn")?.querySelector<HTMLElement>(".s");
  if (sentence) into(sentence);
  return Boolean(sentence);
}

function change(current: HTMLElement, values: Record<string, string>): boolean {
  const link = current.querySelector<HTMLAnchorElement>('a[data-key="r"]');
  if (!link) return false;
  const url = link.href.replace(/edit\/(\?.*)?$/, "change/");
  const version = current.dataset.version ?? "";
  void htmx.ajax("POST", url, { source: current, swap: "none", values: { version, ...values } });
  return true;
}

function recode(current: HTMLElement, key: string): boolean {
  const facet = palette?.querySelector<HTMLElement>(`[data-letter="${CSS.escape(key)}"]`)?.dataset.facet;
  return facet ? change(current, { facet }) : false;
}

function removed(current: HTMLElement): boolean {
  last = current.closest(".turn")?.querySelector<HTMLElement>(".s")?.dataset.start ?? last;
  return change(current, { do: "remove" });
}

/** Press the button that takes back, or brings back, what was done last. */
export function undo(what: "undo" | "redo"): boolean {
  const bar = document.querySelector<HTMLButtonElement>(`#undo-bar [data-${what}], #board-tools [data-${what}]`);
  // The learning queue takes an answer back; it has nothing to bring back.
  const button = bar ?? (what === "undo" ? document.querySelector<HTMLButtonElement>('#teach [data-answer="u"]') : null);
  button?.click();
  return Boolean(button);
}

// --- What was swapped keeps the focus, and is said. ---

let focused: string | null = null;
document.addEventListener("htmx:before:request", () => {
  if (!place) return;
  const at = document.activeElement;
  focused = at?.closest("#undo-bar") ? null : (note()?.id ?? here()?.id ?? null);
});
document.addEventListener("htmx:after:swap", () => {
  const told = document.getElementById("last-step");
  const text = told?.textContent?.trim() ?? "";
  if (told && text && told.dataset.told !== "yes") {
    told.dataset.told = "yes";
    say(text);
  }
  if (!place) return;
  for (const one of place.querySelectorAll<HTMLElement>('[data-evidence][tabindex="0"]')) one.tabIndex = -1;
  if (wanted) {
    const field = document.querySelector<HTMLElement>(`form.edit ${wanted}`);
    if (field) {
      field.focus();
      wanted = null;
      return;
    }
  }
  const lost = !document.activeElement || document.activeElement === document.body;
  const moved = told?.dataset.focus ? document.getElementById(told.dataset.focus) : null;
  if (lost || moved) {
    const next = moved ?? (focused ? document.getElementById(focused) : null) ?? lastPlace();
    if (next?.classList.contains("s")) rove(next);
    next?.focus({ preventScroll: true });
  }
  if (told) delete told.dataset.focus;
  const stop = lastPlace();
  if (stop && !place.querySelector('.s[tabindex="0"]')) stop.tabIndex = 0;
});
