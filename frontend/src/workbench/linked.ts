// Charts and tables of a page that say something of the same segment (or the same need) mark it
// together. What a mark is about stands in its data as `key`; a row or a card has `data-key`, and
// a button `data-pick`. Choosing once marks, choosing again or Escape lets go.

interface Scene {
  datum?: { key?: unknown };
}

let chosen = "";

const about = (): NodeListOf<HTMLElement | SVGElement> =>
  document.querySelectorAll<HTMLElement | SVGElement>("[data-key]");

function known(key: string): boolean {
  return [...about()].some((item) => item.dataset.key === key);
}

export function mark(): void {
  for (const item of about()) {
    const own = item.dataset.key ?? "";
    item.classList.toggle("is-faint", chosen !== "" && own !== chosen);
    item.classList.toggle("is-picked", chosen !== "" && own === chosen);
  }
  for (const button of document.querySelectorAll<HTMLElement>("[data-pick]")) {
    const on = chosen !== "" && button.dataset.pick === chosen;
    button.setAttribute("aria-pressed", String(on || (chosen === "" && button.dataset.pick === "")));
  }
}

function pick(key: string): void {
  chosen = key === chosen ? "" : key;
  mark();
}

/** Tell of every mark in a drawn chart what it is about. */
export function tell(place: HTMLElement): void {
  for (const shape of place.querySelectorAll<SVGElement>("svg path, svg text, svg line, svg rect")) {
    const key = (shape as unknown as { __data__?: Scene }).__data__?.datum?.key;
    if (typeof key === "string" && key) shape.dataset.key = key;
  }
  mark();
}

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const button = target.closest<HTMLElement>("[data-pick]");
  if (button) {
    pick(button.dataset.pick ?? "");
    return;
  }
  const shape = target.closest<SVGElement>("[data-chart] [data-key]");
  if (shape?.dataset.key && shape.dataset.key !== "-") pick(shape.dataset.key);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && chosen && known(chosen)) pick(chosen);
});
