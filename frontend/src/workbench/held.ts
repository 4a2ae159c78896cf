// Where the keyboard is. What is replaced loses the focus until it is given back a moment later: keys
// that are pressed in between act on what had it.

let held: string | null = null;

document.addEventListener("focusin", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  held = target?.closest<HTMLElement>("[data-evidence][id], .s[id]")?.id ?? null;
});
document.addEventListener("pointerdown", () => {
  held = null;
});

/** The element with the focus, or, where it was replaced, what stands in its place. */
export function focusHeld(): Element | null {
  const now = document.activeElement;
  if (now && now !== document.body) return now;
  return held === null ? null : document.getElementById(held);
}
