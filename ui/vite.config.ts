import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Plain files only: the content security policy of the window is `default-src 'self'`, without an exception.
export default defineConfig(({ mode }) => ({
  base: "./",
  // Elements are made one by one, never from text, so that not even a framework assigns HTML.
  plugins: [svelte({ compilerOptions: { fragments: "tree", css: "external" } })],
  build: {
    outDir: mode === "twin" ? "dist-twin" : "dist",
    target: "safari16.4",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { port: 5173, strictPort: true },
}));
