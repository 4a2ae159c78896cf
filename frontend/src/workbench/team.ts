// People working together: links to copy, times in the reader's zone, panels of comments, and the
// list of people that an @ opens.

// A link that is shown once: into the clipboard, or selected where there is none.
document.addEventListener("click", async (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy ?? "") as HTMLInputElement | null;
  if (!field) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    if (!document.execCommand("copy")) return;
  }
  const said = button.dataset.copied ?? "";
  button.textContent = said;
  say(said);
});
document.querySelector<HTMLInputElement>("[data-select]")?.select();

function say(words: string): void {
  const aloud = document.getElementById("said");
  if (aloud) aloud.textContent = words;
}

// Times come in UTC; here they are told as the reader's clock tells them.
function localTimes(within: ParentNode): void {
  const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const time of within.querySelectorAll<HTMLTimeElement>("time[data-local]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.textContent = form.format(at);
    time.removeAttribute("data-local");
  }
}
localTimes(document);

// A panel opens under its object; the same button, its own button and Escape close it.
document.addEventListener(
  "click",
  (event) => {
    const opener = (event.target as Element).closest<HTMLElement>("[data-talk]");
    const place = opener && document.getElementById(opener.dataset.talk ?? "");
    if (!opener || !place?.firstElementChild) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close(place);
  },
  true,
);
document.addEventListener("click", (event) => {
  const place = (event.target as Element).closest("[data-close-talk]")?.closest<HTMLElement>(".talk-place");
  if (place) close(place);
});
function close(place: HTMLElement): void {
  place.replaceChildren();
  const opener = document.querySelector<HTMLElement>(`[data-talk="${CSS.escape(place.id)}"]`);
  opener?.setAttribute("aria-expanded", "false");
  opener?.focus();
}

document.addEventListener("htmx:after:swap", () => {
  localTimes(document);
  for (const opener of document.querySelectorAll<HTMLElement>("[data-talk]")) {
    const panel = document.getElementById(opener.dataset.talk ?? "")?.querySelector<HTMLElement>(".comments");
    const before = opener.getAttribute("aria-expanded") === "true";
    opener.setAttribute("aria-expanded", String(panel !== null && panel !== undefined));
    if (!panel) continue;
    restore(panel);
    // The focus goes into a panel that has just come, and stays there when it is shown anew.
    if (!before || document.activeElement === document.body) {
      (panel.querySelector<HTMLElement>(".say textarea") ?? panel).focus();
    }
  }
});

// What one is writing outlives the page: another decision in the list must not lose it.
const draftOf = (field: HTMLElement): string => `embauche-draft-${field.dataset.draft ?? ""}`;
function restore(within: ParentNode): void {
  for (const field of within.querySelectorAll<HTMLTextAreaElement>("textarea[data-draft]")) {
    if (!field.value) field.value = sessionStorage.getItem(draftOf(field)) ?? "";
  }
}
restore(document);
document.addEventListener("input", (event) => {
  const field = event.target as HTMLElement;
  if (!(field instanceof HTMLTextAreaElement)) return;
  if (field.dataset.draft) sessionStorage.setItem(draftOf(field), field.value);
  if (field.dataset.mentions) suggest(field);
});
document.addEventListener("submit", (event) => {
  for (const field of (event.target as HTMLElement).querySelectorAll<HTMLElement>("textarea[data-draft]")) {
    sessionStorage.removeItem(draftOf(field));
  }
});

// After an @, the people of the study whose names begin so; arrows choose, Enter or Tab take.
const begun = /(^|[^\w@.])@([\w.-]*)$/;
const listOf = (field: HTMLElement): HTMLElement | null => document.getElementById(field.dataset.mentions ?? "");
const offered = (list: HTMLElement): HTMLElement[] =>
  [...list.querySelectorAll<HTMLElement>("[role=option]")].filter((item) => !item.hidden);

function suggest(field: HTMLTextAreaElement): void {
  const list = listOf(field);
  if (!list) return;
  const typed = begun.exec(field.value.slice(0, field.selectionStart));
  const start = typed?.[2]?.toLowerCase() ?? "";
  for (const item of list.querySelectorAll<HTMLElement>("[role=option]")) {
    item.hidden = !typed || !(item.textContent ?? "").toLowerCase().replace("@", "").includes(start);
  }
  const items = offered(list);
  list.hidden = items.length === 0;
  if (!list.hidden) field.after(list);
  choose(field, items, 0);
}

function choose(field: HTMLTextAreaElement, items: HTMLElement[], place: number): void {
  for (const [at, item] of items.entries()) item.setAttribute("aria-selected", String(at === place));
  const chosen = items[place];
  if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
  else field.removeAttribute("aria-activedescendant");
  if (chosen) say(chosen.textContent?.trim() ?? "");
}

function take(field: HTMLTextAreaElement, item: HTMLElement): void {
  const end = field.selectionStart;
  const typed = begun.exec(field.value.slice(0, end));
  if (!typed) return;
  const start = end - (typed[2]?.length ?? 0);
  field.setRangeText(`${item.dataset.name ?? ""} `, start, end, "end");
  hide(field);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function hide(field: HTMLTextAreaElement): void {
  const list = listOf(field);
  if (list) list.hidden = true;
  field.removeAttribute("aria-activedescendant");
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement)) {
    const place = (field as Element).closest?.<HTMLElement>(".talk-place");
    if (event.key === "Escape" && place?.firstElementChild) close(place);
    return;
  }
  const list = field.dataset.mentions ? listOf(field) : null;
  if (!list || list.hidden) {
    const place = field.closest<HTMLElement>(".talk-place");
    if (event.key === "Escape" && place) close(place);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field.dataset.mentions) field.form?.requestSubmit();
    return;
  }
  const items = offered(list);
  const place = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(field, items, (place + 1) % items.length);
  else if (event.key === "ArrowUp") choose(field, items, (place + items.length - 1) % items.length);
  else if ((event.key === "Enter" || event.key === "Tab") && items[place]) take(field, items[place]);
  else if (event.key === "Escape") hide(field);
  else return;
  event.preventDefault();
});
document.addEventListener("mousedown", (event) => {
  const item = (event.target as Element).closest<HTMLElement>(".mentionable [role=option]");
  if (!item) return;
  event.preventDefault();
  const field = document.activeElement;
  if (field instanceof HTMLTextAreaElement && field.dataset.mentions) take(field, item);
});
