// The mapping of a survey: find columns, tick several (with the shift key a whole run), and give
// them one role. The form itself is checked and kept by the server; without this script it works.

const form = document.getElementById("mapping") as HTMLFormElement | null;

if (form) {
  const rows = [...form.querySelectorAll<HTMLTableRowElement>("[data-row]")];
  const boxes = rows.map((row) => row.querySelector<HTMLInputElement>("[name=tick]"));
  const all = form.querySelector<HTMLInputElement>("[data-tick-all]");
  const ticked = form.querySelector<HTMLElement>("[data-ticked]");
  let last: number | null = null;

  const count = (): void => {
    const n = boxes.filter((box) => box?.checked).length;
    if (ticked) ticked.textContent = n ? `(${n})` : "";
    if (all) all.indeterminate = n > 0 && n < boxes.length;
  };

  // Only what says something of a column is checked by the server.
  form.addEventListener(
    "change",
    (event) => {
      const target = event.target as HTMLElement;
      if (!target.matches("[data-plain], [data-find]")) return;
      event.stopPropagation();
      if (target === all) {
        for (const [at, box] of boxes.entries()) {
          if (box && !rows[at]?.hidden) box.checked = all.checked;
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
  for (const row of rows) {
    const select = row.querySelector<HTMLSelectElement>("[name=role]");
    select?.addEventListener("change", () => shade(row, select.value));
  }

  form.querySelector("[name=then][value=bulk]")?.addEventListener("click", (event) => {
    const role = form.querySelector<HTMLSelectElement>("[name=bulk]")?.value;
    event.preventDefault();
    if (!role) return;
    let changed: HTMLSelectElement | null = null;
    for (const [at, row] of rows.entries()) {
      const select = row.querySelector<HTMLSelectElement>("[name=role]");
      if (!boxes[at]?.checked || !select) continue;
      select.value = role;
      shade(row, role);
      boxes[at].checked = false;
      changed = select;
    }
    count();
    changed?.dispatchEvent(new Event("change", { bubbles: true }));
  });

  const find = form.querySelector<HTMLInputElement>("[data-find]");
  find?.addEventListener("input", () => {
    const wanted = find.value.trim().toLocaleLowerCase();
    for (const row of rows) {
      const role = row.querySelector<HTMLSelectElement>("[name=role]")?.selectedOptions[0]?.text;
      const text = `${row.cells[1]?.textContent} ${role}`.toLocaleLowerCase();
      row.hidden = wanted !== "" && !text.includes(wanted);
    }
  });
  find?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  count();
}
