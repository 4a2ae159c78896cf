import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { decompress } from "wawoff2";
import type { Plugin } from "vite";

// The compiler of .pdf files reads TrueType, browsers read WOFF2: the same faces, unpacked.
const FACES = [
  "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-italic.woff2",
  "@fontsource-variable/literata/files/literata-latin-wght-normal.woff2",
  "@fontsource-variable/literata/files/literata-latin-wght-italic.woff2",
];

export function printingFonts(): Plugin {
  const { resolve } = createRequire(import.meta.url);
  return {
    name: "printing-fonts",
    async generateBundle() {
      for (const face of FACES) {
        const name = face.split("/").pop()!.replace(".woff2", ".ttf");
        this.emitFile({
          type: "asset",
          fileName: `fonts/print/${name}`,
          source: await decompress(readFileSync(resolve(face))),
        });
        // The faces' licence (SIL OFL 1.1) asks to go with them.
        const family = face.split("/")[1];
        this.emitFile({
          type: "asset",
          fileName: `fonts/OFL-${family}.txt`,
          source: readFileSync(join(dirname(dirname(resolve(face))), "LICENSE")),
        });
      }
    },
  };
}
