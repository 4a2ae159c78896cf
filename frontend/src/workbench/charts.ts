import { expressionInterpreter } from "vega-interpreter";
import embed, { type Result, type VisualizationSpec } from "vega-embed";
import { tell } from "./linked";
import { csv, tabbed } from "./tables";

// Charts are drawn from the definitions that the server sends: one for a wide place and one for a
// narrow one. Their colours are the tokens' light values; here they become the page's own, so that
// a chart follows the theme. No expression is compiled: the page's policy forbids eval.

interface ChartData {
  wide: VisualizationSpec;
  narrow: VisualizationSpec;
  tokens: Record<string, string>;
  label: string;
}

const NARROW = 560;
const drawn = new WeakMap<HTMLElement, Result>();

function themed(value: unknown, tokens: Record<string, string>, style: CSSStyleDeclaration): unknown {
  if (typeof value === "string") {
    const token = /^#[0-9a-f]{6}$/i.test(value) ? tokens[value.toLowerCase()] : undefined;
    return token ? style.getPropertyValue(`--${token}`).trim() || value : value;
  }
  if (Array.isArray(value)) return value.map((item) => themed(item, tokens, style));
  if (value && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, themed(item, tokens, style)]),
    );
  }
  return value;
}

async function draw(place: HTMLElement): Promise<void> {
  const text = document.getElementById(place.dataset.chart ?? "")?.textContent;
  if (!text) return;
  const data = JSON.parse(text) as ChartData;
  const spec = place.clientWidth < NARROW ? data.narrow : data.wide;
  const style = getComputedStyle(document.documentElement);
  drawn.get(place)?.finalize();
  const result = await embed(place, themed(spec, data.tokens, style) as VisualizationSpec, {
    actions: false,
    renderer: "svg",
    ast: true,
    expr: expressionInterpreter,
    defaultStyle: false,
    tooltip: { theme: "custom", disableDefaultStyle: true },
  });
  drawn.set(place, result);
  const picture = place.querySelector("svg");
  if (picture) {
    // The picture is one image with the finding as its name; its data stand in the table below.
    for (const part of picture.querySelectorAll("[role], [aria-label], [aria-roledescription]")) {
      part.removeAttribute("role");
      part.removeAttribute("aria-label");
      part.removeAttribute("aria-roledescription");
    }
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", data.label);
  }
  tell(place);
}

async function save(place: HTMLElement, kind: "svg" | "png"): Promise<void> {
  const view = drawn.get(place)?.view;
  if (!view) return;
  const link = document.createElement("a");
  link.href = await view.toImageURL(kind, 2);
  link.download = `${(place.dataset.chart ?? "chart").replace(/^chart-/, "")}.${kind}`;
  link.click();
}

async function copy(button: HTMLElement, figure: Element): Promise<void> {
  await navigator.clipboard.writeText(tabbed(figure));
  const words = button.textContent ?? "";
  button.textContent = button.dataset.copied ?? words;
  const aloud = document.getElementById("said");
  if (aloud) aloud.textContent = button.textContent;
  setTimeout(() => (button.textContent = words), 2000);
}

function saveTable(figure: Element): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(csv(figure));
  link.download = `${figure.id || "table"}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const places = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-chart]")];
const all = (): void => places().forEach((place) => void draw(place));
void document.fonts.ready.then(all);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
matchMedia("(max-width: 760px)").addEventListener("change", all);
// New figures come in without a reload: what is not drawn yet is drawn.
document.addEventListener("htmx:after:swap", () => {
  for (const place of places()) if (!drawn.has(place)) void draw(place);
});

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-save], [data-copy]");
  const figure = button?.closest("figure");
  if (!button || !figure) return;
  const place = figure.querySelector<HTMLElement>("[data-chart]");
  const kind = button.dataset.save;
  if (kind === undefined) void copy(button, figure);
  else if (kind === "csv") saveTable(figure);
  else if (place && (kind === "svg" || kind === "png")) void save(place, kind);
});
