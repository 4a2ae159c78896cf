// The mapping of a survey: find columns, tick several (with the shift key a whole run), and give
// them one role, or a whole group at once. The form itself is checked and kept by the server; without this script it works.

const form = document.getElementById("mapping") as HTMLFormElement | null;

if (form) {
  const rows = [...form.querySelectorAll<HTMLTableRowElement>("[data-row]")];
  const boxes = rows.map((row) => row.querySelector<HTMLInputElement>("[name=tick]"));
  const roles = rows.map((row) => row.querySelector<HTMLSelectElement>("[name=role]"));
  const before = roles.map((select) => select?.value);
  const groups = [...form.querySelectorAll<HTMLElement>("[data-group]")];
  const alls = [...form.querySelectorAll<HTMLInputElement>("[data-tick-all]")];
  const ticked = form.querySelector<HTMLElement>("[data-ticked]");
  let last: number | null = null;

  const count = (): void => {
    const n = boxes.filter((box) => box?.checked).length;
    if (ticked) ticked.textContent = n ? `(${n})` : "";
    for (const all of alls) {
      const own = within(all.closest("table"));
      const some = own.filter((at) => boxes[at]?.checked).length;
      all.checked = some > 0 && some === own.length;
      all.indeterminate = some > 0 && some < own.length;
    }
  };
  const within = (part: Element | null): number[] =>
    [...rows.keys()].filter((at) => part?.contains(rows[at] ?? null));

  // A line that stands for closed columns says how many of them are no longer what it names.
  const tellMoved = (): void => {
    for (const group of groups) {
      const line = group.querySelector<HTMLElement>("[data-moved]");
      const n = within(group).filter((at) => roles[at]?.value !== before[at]).length;
      const told = n ? (line?.dataset.moved ?? "").replace("{n}", String(n)) : "";
      if (line && line.textContent !== told) line.textContent = told;
    }
  };

  const give = (places: number[], role: string): void => {
    let changed: HTMLSelectElement | null = null;
    for (const at of places) {
      const [row, select, box] = [rows[at], roles[at], boxes[at]];
      if (!row || !select) continue;
      select.value = role;
      shade(row, role);
      if (box) box.checked = false;
      changed = select;
    }
    count();
    changed?.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // Only what says something of a column is checked by the server.
  form.addEventListener(
    "change",
    (event) => {
      const target = event.target as HTMLElement;
      if (!target.matches("[data-plain], [data-find]")) return;
      event.stopPropagation();
      if (target.matches("[data-tick-all]")) {
        for (const at of within(target.closest("table"))) {
          const box = boxes[at];
          if (box && !rows[at]?.hidden) box.checked = (target as HTMLInputElement).checked;
        }
      }
      count();
    },
    true,
  );

  for (const [at, box] of boxes.entries()) {
    box?.addEventListener("click", (event) => {
      if (event.shiftKey && last !== null) {
        const [from, to] = last < at ? [last, at] : [at, last];
        for (const other of boxes.slice(from, to + 1)) if (other) other.checked = box.checked;
      }
      last = at;
      count();
    });
  }

  const shade = (row: HTMLTableRowElement, role: string): void => {
    row.className = `is-${role}`;
  };
  for (const [at, row] of rows.entries()) {
    const select = roles[at];
    select?.addEventListener("change", () => {
      shade(row, select.value);
      tellMoved();
    });
  }

  form.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[name=then]");
    const [then, key] = button?.value.split(":") ?? [];
    if (then !== "bulk" && then !== "group") return;
    event.preventDefault();
    const name = then === "bulk" ? "bulk" : `group-${key}`;
    const role = form.querySelector<HTMLSelectElement>(`[name="${name}"]`)?.value;
    if (!role) return;
    if (then === "group") give(within(groups.find((group) => group.dataset.group === key) ?? null), role);
    else give([...rows.keys()].filter((at) => boxes[at]?.checked), role);
  });

  const find = form.querySelector<HTMLInputElement>("[data-find]");
  const opened = new Map<HTMLDetailsElement, boolean>();
  find?.addEventListener("input", () => {
    const wanted = find.value.trim().toLocaleLowerCase();
    for (const [at, row] of rows.entries()) {
      const text = `${row.cells[1]?.textContent} ${roles[at]?.selectedOptions[0]?.text}`.toLocaleLowerCase();
      row.hidden = wanted !== "" && !text.includes(wanted);
    }
    // What is found is seen: its group opens, and is as it was when nothing is looked for.
    for (const group of groups) {
      const found = within(group).some((at) => !rows[at]?.hidden);
      group.hidden = !found;
      const details = group.querySelector<HTMLDetailsElement>("details");
      if (!details) continue;
      if (wanted && !opened.has(details)) opened.set(details, details.open);
      details.open = wanted ? found : (opened.get(details) ?? details.open);
      if (!wanted) opened.delete(details);
    }
  });
  find?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  count();

  // The pairs come anew with each answer, and stay open where they were.
  let pairsOpen: boolean | null = null;
  document.addEventListener(
    "toggle",
    (event) => {
      const details = event.target as HTMLDetailsElement;
      if (details.id === "pairs-list") pairsOpen = details.open;
    },
    true,
  );
  document.addEventListener("htmx:after:swap", () => {
    const details = document.getElementById("pairs-list") as HTMLDetailsElement | null;
    if (details && pairsOpen) details.open = true;
  });
}
