// A file picker says what was chosen in the page's language; the browser's own words are covered.

function tell(input: HTMLInputElement): void {
  const line = input.closest(".picker")?.querySelector<HTMLElement>(".picked");
  const files = [...(input.files ?? [])];
  input.setCustomValidity(input.required && !files.length ? (input.dataset.needed ?? "") : "");
  if (!line) return;
  const chosen = line.dataset.chosen ?? "";
  line.textContent =
    files.length > 1 ? chosen.replace("{n}", String(files.length)) : (files[0]?.name ?? line.dataset.none ?? "");
  line.classList.toggle("is-chosen", files.length > 0);
}

const pickers = (): NodeListOf<HTMLInputElement> => document.querySelectorAll(".picker input");

document.addEventListener("change", (event) => {
  const input = event.target as HTMLElement;
  if (input.matches(".picker input")) tell(input as HTMLInputElement);
});
// A page that comes back, whole or in part, may hold what was chosen before.
for (const name of ["htmx:after:swap", "pageshow"]) {
  window.addEventListener(name, () => pickers().forEach(tell));
}
pickers().forEach(tell);
