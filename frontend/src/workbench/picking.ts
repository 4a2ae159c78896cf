// Choosing evidence on a list, and learning what the machine learned meanwhile.

const boxes = (): HTMLInputElement[] => [...document.querySelectorAll<HTMLInputElement>("#evidence-list .tick")];

function count(): void {
  const line = document.getElementById("ticked");
  const all = document.querySelector<HTMLInputElement>("[data-tick-all]");
  const n = boxes().filter((box) => box.checked).length;
  if (line) line.textContent = n ? (line.dataset.words ?? "").replace("{n}", String(n)) : "";
  if (all) {
    all.checked = n > 0 && n === boxes().length;
    all.indeterminate = n > 0 && n < boxes().length;
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("#bulk button")) button.disabled = n === 0;
}

document.addEventListener("change", (event) => {
  const box = event.target as HTMLInputElement;
  if (box.matches("[data-tick-all]")) for (const other of boxes()) other.checked = box.checked;
  if (box.matches("[data-tick-all], .tick")) count();
  if (box.matches("[data-submit]")) box.form?.requestSubmit();
});
if (document.getElementById("bulk")) count();

// A decision is answered at once; what the machine learns from it comes a moment later.
let waiting = 0;
document.addEventListener("htmx:after:swap", (event) => {
  if (document.getElementById("bulk")) count();
  const line = document.getElementById("learned");
  const url = line?.dataset.since;
  const target = event.target as Element | null;
  if (!url || target?.id === "learned") return;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    const asked = new URLSearchParams(boxes().map((box) => ["on_page", box.value.split(":")[0] ?? ""]));
    void fetch(`${url}?${asked}`, { headers: { "HX-Request": "true" } })
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((html) => {
        const page = new DOMParser().parseFromString(html, "text/html");
        for (const part of page.querySelectorAll<HTMLElement>("[id]")) {
          const old = document.getElementById(part.id);
          if (old) old.innerHTML = part.innerHTML;
        }
      });
  }, 2500);
});
