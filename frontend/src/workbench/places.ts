// Small things that belong to one place of a page each.

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// The bars of stages and of tabs scroll on a phone: where one is comes into sight.
for (const here of document.querySelectorAll(".stages [aria-current], .tabs [aria-current]")) {
  here.scrollIntoView({ block: "nearest", inline: "center" });
}

// A cell of the matrix opens its quotes in the margin: it stays marked, and on a narrow page the
// margin comes into sight.
document.addEventListener("click", (event) => {
  const cell = (event.target as Element).closest(".matrix a.cell");
  if (!cell) return;
  for (const other of document.querySelectorAll(".matrix a.cell[aria-current]")) {
    other.removeAttribute("aria-current");
  }
  cell.setAttribute("aria-current", "true");
});
document.addEventListener("htmx:after:swap", (event) => {
  const margin = document.getElementById("margin");
  if (!margin || !margin.querySelector(".quotes")) return;
  const target = (event.target as Element | null)?.closest?.("#margin, .matrix");
  if (!target) return;
  if (margin.getBoundingClientRect().top > window.innerHeight - 120) {
    margin.scrollIntoView({ block: "start" });
  }
});

// A filter answers as soon as it is chosen.
for (const select of document.querySelectorAll<HTMLSelectElement>(".filters select")) {
  select.addEventListener("change", () => select.form?.requestSubmit());
}

// A note that an address names is where reading goes on.
if (location.hash.startsWith("#e")) document.getElementById(location.hash.slice(1))?.focus();
