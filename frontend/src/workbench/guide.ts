// Dragging a question of the interview guide by its grip; the arrows do the same for the keyboard.
let dragged: HTMLElement | null = null;

const lists = () => document.querySelectorAll<HTMLElement>("#guide-parts .gqs");

function clear(): void {
  for (const row of document.querySelectorAll(".drop-before, .drop-end")) {
    row.classList.remove("drop-before", "drop-end");
  }
}

function aim(y: number, x: number): { list: HTMLElement; before: HTMLElement | null } | null {
  const under = document.elementFromPoint(x, y);
  const list =
    under?.closest<HTMLElement>(".gqs") ??
    under?.closest<HTMLElement>(".guide-part")?.querySelector<HTMLElement>(".gqs") ??
    null;
  if (!list) return null;
  for (const row of list.querySelectorAll<HTMLElement>(".gq")) {
    const box = row.getBoundingClientRect();
    if (row !== dragged && y < box.top + box.height / 2) return { list, before: row };
  }
  return { list, before: null };
}

document.addEventListener("pointerdown", (event) => {
  const grip = (event.target as Element).closest?.("[data-grip]");
  if (!grip || event.button !== 0 || !lists().length) return;
  dragged = grip.closest<HTMLElement>(".gq");
  if (!dragged) return;
  event.preventDefault();
  dragged.classList.add("is-dragged");
});

document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  clear();
  const place = aim(event.clientY, event.clientX);
  if (!place) return;
  if (place.before) place.before.classList.add("drop-before");
  else place.list.classList.add("drop-end");
  const edge = 64;
  if (event.clientY < edge) window.scrollBy(0, -16);
  else if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 16);
});

document.addEventListener("pointerup", (event) => {
  if (!dragged) return;
  const row = dragged;
  dragged = null;
  row.classList.remove("is-dragged");
  clear();
  const place = aim(event.clientY, event.clientX);
  const form = document.querySelector<HTMLFormElement>("#guide-place");
  if (!place || !form) return;
  const rows = [...place.list.querySelectorAll<HTMLElement>(".gq")].filter((item) => item !== row);
  const at = place.before ? rows.indexOf(place.before) : rows.length;
  const same = row.parentElement === place.list;
  const was = [...place.list.querySelectorAll(".gq")].indexOf(row);
  if (same && was === at) return;
  form.action = form.dataset.action!.replace("QUESTION", encodeURIComponent(row.dataset.question!));
  form.method = "post";
  for (const [name, value] of [["part", place.list.dataset.part!], ["at", String(at)]]) {
    let field = form.querySelector<HTMLInputElement>(`[name="${name}"]`);
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      form.append(field);
    }
    field.value = value;
  }
  form.submit();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && dragged) {
    dragged.classList.remove("is-dragged");
    dragged = null;
    clear();
  }
});
