import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

// The icons that the pages use, of one set (Lucide, ISC), as one sprite; {% icon "name" %} shows one.
export const ICONS = [
  "archive", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "check", "download", "eye",
  "file-text", "grip-vertical", "history", "keyboard", "languages", "link", "log-out", "merge",
  "message-square", "moon", "paperclip", "pencil", "plus", "printer", "redo-2", "rotate-ccw",
  "search", "send", "settings", "split", "star", "sun", "trash-2", "triangle-alert", "undo-2",
  "upload", "user-plus", "users", "x",
];

export function icons(): Plugin {
  const { resolve } = createRequire(import.meta.url);
  return {
    name: "icons",
    generateBundle() {
      const symbols = ICONS.map((name) => {
        const file = readFileSync(resolve(`lucide-static/icons/${name}.svg`), "utf8");
        const drawn = file.slice(file.indexOf(">", file.indexOf("<svg")) + 1, file.indexOf("</svg>"));
        return `<symbol id="${name}" viewBox="0 0 24 24">${drawn.replace(/\s*\n\s*/g, "")}</symbol>`;
      });
      this.emitFile({
        type: "asset",
        fileName: "icons.svg",
        source: `<!-- Lucide, ISC licence, https://lucide.dev --><svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`,
      });
    },
  };
}
