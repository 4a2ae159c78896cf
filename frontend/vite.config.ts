import { defineConfig } from "vite";
import { icons } from "./icons.ts";
import { printingFonts } from "./printing-fonts.ts";

// Bundles go straight into the Python package; git ignores them and the wheel carries them.
export default defineConfig({
  base: "./",
  plugins: [icons(), printingFonts()],
  build: {
    outDir: "../src/embauche/present/assets",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    rollupOptions: {
      input: {
        workbench: "src/workbench/workbench.ts",
        charts: "src/workbench/charts.ts",
        sideways: "src/workbench/sideways.ts",
        mapping: "src/workbench/mapping.ts",
        report: "src/report/report.css",
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name].js",
        assetFileNames: (asset) =>
          /\.woff2$/.test(asset.names[0] ?? "") ? "fonts/[name][extname]" : "[name][extname]",
      },
    },
  },
});
