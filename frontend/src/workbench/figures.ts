// New figures may come into a page that had none: what draws them is fetched then.
document.addEventListener("htmx:after:swap", () => {
  if (!document.querySelector("[data-chart]")) return;
  if (document.querySelector("script[src*='charts.js']")) return;
  const own = document.querySelector<HTMLScriptElement>("script[src*='workbench.js']");
  if (!own) return;
  const script = document.createElement("script");
  script.type = "module";
  script.src = own.src.replace("workbench.js", "charts.js");
  document.head.append(script);
});
