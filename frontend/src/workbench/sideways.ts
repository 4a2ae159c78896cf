// A table wider than its place says so in words, beside the shadow at its edge.

const words = document.body.dataset.sideways ?? "";
const hints = new WeakMap<Element, HTMLElement>();
let last = 0;

function look(region: HTMLElement): void {
  const wider = region.scrollWidth > region.clientWidth + 1 && getComputedStyle(region).overflowX !== "visible";
  const known = hints.get(region);
  if (!wider) {
    known?.remove();
    hints.delete(region);
    region.removeAttribute("aria-describedby");
    return;
  }
  if (known?.isConnected || !words) return;
  const hint = document.createElement("p");
  hint.className = "sideways";
  hint.id = `sideways-${++last}`;
  hint.textContent = words;
  region.before(hint);
  region.setAttribute("aria-describedby", hint.id);
  hints.set(region, hint);
}

const sizes = new ResizeObserver((entries) => {
  for (const entry of entries) {
    const region = entry.target.closest<HTMLElement>(".scroll");
    if (region) look(region);
  }
});

function watch(): void {
  for (const region of document.querySelectorAll<HTMLElement>(".scroll")) {
    sizes.observe(region);
    if (region.firstElementChild) sizes.observe(region.firstElementChild);
  }
}

document.addEventListener("htmx:after:swap", watch);
watch();
