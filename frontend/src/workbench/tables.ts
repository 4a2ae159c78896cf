// The table behind a chart, as a file for a spreadsheet and as what may be pasted into one.

function cells(figure: Element): string[][] {
  return [...figure.querySelectorAll<HTMLTableRowElement>("table tr")].map((row) =>
    [...row.cells].map((cell) => cell.textContent?.trim() ?? ""),
  );
}

// French spreadsheets part cells by semicolons, and tell UTF-8 by its mark.
export function csv(figure: Element): Blob {
  const french = document.documentElement.lang === "fr";
  const mark = french ? ";" : ",";
  const quoted = (text: string): string =>
    /["\n;,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = cells(figure).map((row) => row.map(quoted).join(mark));
  return new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" });
}

export function tabbed(figure: Element): string {
  return cells(figure)
    .map((row) => row.join("\t"))
    .join("\n");
}
