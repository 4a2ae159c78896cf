import htmx from "htmx.org";

// The board: statements are dragged between jobs, and jobs onto each other. All that the mouse does
// the keyboard does too: arrows lead from statement to statement and from job to job, M asks where
// to, S selects, R rewords, U takes back. What happens is said in the line below and aloud.

const board = document.getElementById("board");
const line = document.getElementById("line");
const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

function load(url: string, target: Element, source?: Element): void {
  void htmx.ajax("GET", url, { target: target as HTMLElement, source: (source ?? target) as HTMLElement, swap: "innerHTML" });
}

// --- Where the keyboard is: one stop of the board takes part in the order of tabs. ---

const stops = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("#board [data-stop], #tray [data-stop]")];
const place = (stop: Element): HTMLElement | null => stop.closest<HTMLElement>("[data-job], [data-tray]");
const head = (job: Element | null): HTMLElement | null => job?.querySelector<HTMLElement>("[data-stop]") ?? null;

function controls(stop: HTMLElement): HTMLElement[] {
  const around = stop.dataset.stop === "job" ? stop.closest(".card-head") : stop;
  return [...(around?.querySelectorAll<HTMLElement>("a, input, button") ?? [])];
}

function rove(current: HTMLElement): void {
  for (const stop of stops()) {
    const here = stop === current;
    stop.tabIndex = here ? 0 : -1;
    for (const control of controls(stop)) control.tabIndex = here ? 0 : -1;
  }
}

function go(stop: HTMLElement | null | undefined): void {
  if (!stop) return;
  rove(stop);
  stop.focus({ preventScroll: true });
  stop.scrollIntoView({ block: "nearest", inline: "nearest", behavior: still() ? "auto" : "smooth" });
}

function settle(): void {
  const all = stops();
  const first = all.find((stop) => stop.contains(document.activeElement)) ?? all.find((stop) => stop.tabIndex === 0) ?? all[0];
  if (first) rove(first);
}

function current(): HTMLElement | null {
  const active = document.activeElement;
  return active?.closest<HTMLElement>("[data-stop]") ?? head(active?.closest(".card") ?? null);
}

function arrow(key: string, from: HTMLElement): HTMLElement | null | undefined {
  const all = stops();
  if (key === "ArrowDown") return all[all.indexOf(from) + 1];
  if (key === "ArrowUp") return all[all.indexOf(from) - 1];
  const jobs = [...document.querySelectorAll<HTMLElement>("#board [data-job], [data-tray]")];
  const here = jobs.indexOf(place(from) as HTMLElement);
  return head(jobs[here + (key === "ArrowRight" ? 1 : -1)] ?? null);
}

function act(stop: HTMLElement, name: string): boolean {
  const control = controls(stop).find((item) => item.dataset.act === name);
  control?.click();
  return control !== undefined;
}

function pressed(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "Escape" && line?.contains(target)) return cancel();
  if (target.matches("textarea, select, input:not([type=checkbox])")) return false;
  if (key === "u" && (board?.contains(target) || line?.contains(target) || target === document.body || target.closest("#tray"))) {
    const undo = document.querySelector<HTMLButtonElement>("[data-undo]");
    undo?.click();
    return undo !== null && !undo.disabled;
  }
  const stop = target.closest<HTMLElement>("#board, #tray") ? current() : null;
  if (!stop) return false;
  if (key.startsWith("Arrow")) {
    go(arrow(key, stop));
    return true;
  }
  if (key === "m") return act(stop, stop.dataset.stop === "job" ? "job" : "move");
  if (key === "r") return act(head(place(stop)) ?? stop, "rename");
  if (key === "s") {
    const box = stop.querySelector<HTMLInputElement>("input[type=checkbox]");
    box?.click();
    return box !== null;
  }
  return false;
}

// --- The line: what is asked there takes the focus, and gives it back to what it was about. ---

let asker: string | null = null;

function remember(stop: HTMLElement | null): void {
  asker = stop ? (stop.dataset.piece ? `[data-piece="${CSS.escape(stop.dataset.piece)}"]` : `#${stop.closest(".card")?.id} [data-stop]`) : null;
}

function cancel(): boolean {
  if (!line) return false;
  line.replaceChildren();
  go(asker ? document.querySelector<HTMLElement>(asker) : stops()[0]);
  return true;
}

function say(text: string): void {
  const aloud = document.getElementById("said");
  if (aloud) aloud.textContent = text;
}

function answered(): void {
  settle();
  watch();
  if (!line) return;
  const told = line.querySelector<HTMLElement>("[data-say]");
  const asked = line.querySelector<HTMLElement>("[data-ask]");
  if (told) say(told.innerText);
  if (asked) {
    if (!asked.contains(document.activeElement)) asked.querySelector<HTMLElement>("select, button")?.focus();
    return;
  }
  if (!told || told.dataset.seen) return;
  told.dataset.seen = "1";
  const piece = told.dataset.focusPiece ? document.querySelector<HTMLElement>(`[data-piece="${CSS.escape(told.dataset.focusPiece)}"]`) : null;
  const job = told.dataset.focus ? head(document.getElementById(told.dataset.focus)) : null;
  const stop = piece ?? job;
  if (stop) {
    go(stop);
    const shown = stop.closest<HTMLElement>(".piece, .card");
    shown?.classList.add("is-fresh");
    setTimeout(() => shown?.classList.remove("is-fresh"), 1600);
  } else settle();
}

// --- The mouse. ---

type Held = { piece: string } | { job: string };
let held: Held | null = null;

function over(event: DragEvent): HTMLElement | null {
  const target = (event.target as Element).closest<HTMLElement>("[data-job], [data-tray]");
  if (!target || !held) return null;
  if ("job" in held) return target.dataset.job && target.dataset.job !== held.job ? target : null;
  const from = document.querySelector(`[data-piece="${CSS.escape(held.piece)}"]`);
  return from && target.contains(from) ? null : target;
}

function mark(target: HTMLElement | null): void {
  for (const other of document.querySelectorAll(".is-over")) if (other !== target) other.classList.remove("is-over");
  target?.classList.add("is-over");
}

function listen(): void {
  document.addEventListener("dragstart", (event) => {
    const stop = (event.target as Element).closest<HTMLElement>("[data-stop]");
    const job = stop?.closest<HTMLElement>("[data-job]")?.dataset.job;
    if (!stop || !event.dataTransfer) return;
    if (stop.dataset.piece) held = { piece: stop.dataset.piece };
    else if (job) held = { job };
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", stop.innerText);
    document.body.classList.add("is-dragging");
    remember(stop);
  });
  document.addEventListener("dragover", (event) => {
    const target = over(event);
    mark(target);
    if (target) event.preventDefault();
  });
  document.addEventListener("dragend", () => {
    held = null;
    mark(null);
    document.body.classList.remove("is-dragging");
  });
  document.addEventListener("drop", (event) => {
    const target = over(event);
    if (!target || !held || !line) return;
    event.preventDefault();
    if ("job" in held) {
      const query = new URLSearchParams({ job: target.dataset.job ?? "", other: held.job });
      load(`${line.dataset.merge}?${query}`, line);
    } else {
      const form = document.getElementById("drop") as HTMLFormElement;
      (form.elements.namedItem("evidence") as HTMLInputElement).value = held.piece;
      (form.elements.namedItem("other") as HTMLInputElement).value = target.dataset.job ?? "";
      form.requestSubmit();
    }
  });
}

function clicked(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset.more !== undefined) {
    const item = link.closest("li");
    if (!item) return;
    event.preventDefault();
    const before = item.previousElementSibling;
    void htmx.ajax("GET", link.href, { target: item, source: item, swap: "outerHTML" });
    document.addEventListener("htmx:after:swap", () => go((before?.nextElementSibling ?? null) as HTMLElement | null), { once: true });
    return;
  }
  if (link.dataset.into) {
    const target = document.getElementById(link.dataset.into);
    if (!target) return;
    event.preventDefault();
    void htmx.ajax("GET", link.href, { target, source: target, swap: "innerHTML" });
    document.addEventListener(
      "htmx:after:swap",
      () => {
        const field = target.querySelector<HTMLTextAreaElement>("textarea");
        field?.focus();
        field?.select();
        if (!field) go(head(target));
      },
      { once: true },
    );
    return;
  }
  if (line && link.dataset.line !== undefined) {
    event.preventDefault();
    remember(current() ?? link.closest<HTMLElement>("[data-stop]"));
    load(link.href, line);
  } else if (line && link.dataset.cancel !== undefined && line.contains(link)) {
    event.preventDefault();
    cancel();
  }
}

// --- Further down: the evidence of a job comes as one gets to it, a few jobs at a time. ---

let wanted: HTMLElement[] = [];
const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      if (!wanted.length) setTimeout(bring, 60);
      wanted.push(target as HTMLElement);
    }
  },
  { rootMargin: "800px" },
);

function bring(): void {
  const jobs = wanted.splice(0, 16).map((body) => ["job", body.closest<HTMLElement>(".card")?.dataset.job ?? ""]);
  if (board) void htmx.ajax("GET", `${board.dataset.cards}?${new URLSearchParams(jobs)}`, { source: board, target: board, swap: "none" });
  if (wanted.length) setTimeout(bring, 60);
}

const watch = (): void => document.querySelectorAll(".card-body[data-empty]").forEach((body) => seen.observe(body));

document.addEventListener("click", clicked);
if (board) {
  watch();
  document.documentElement.classList.add("has-board");
  // Before the page's own keys: on the board they mean what the board says.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (!pressed(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  document.addEventListener("focusin", (event) => {
    const stop = (event.target as Element).closest<HTMLElement>("#board [data-stop], #tray [data-stop]");
    if (stop && stop.tabIndex !== 0) rove(stop);
  });
  document.addEventListener("htmx:after:swap", answered);
  if (line) listen();
  settle();
}
