import htmx from "htmx.org";

// A cell of the matrix opens its quotes in the margin; without scripts, on a page of its own.
document.addEventListener("click", (event) => {
  const cell = (event.target as Element).closest<HTMLAnchorElement>(".matrix a.cell");
  const margin = document.getElementById("margin");
  if (!cell || !margin || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void htmx.ajax("GET", cell.href, { target: margin, source: cell, swap: "innerHTML" });
});
