import embed from "vega-embed";

for (const place of document.querySelectorAll<HTMLElement>("[data-chart]")) {
  const spec = JSON.parse(document.getElementById(place.dataset.chart ?? "")?.textContent ?? "{}");
  void embed(place, spec, { actions: false, renderer: "svg", ast: true });
}
