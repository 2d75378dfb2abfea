// Builds what ships and the twin, checks the types, runs every test, and says in its last line how many passed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const here = new URL("..", import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), "gatehouse-ui-"));
const results = join(scratch, "results.json");
const bin = (name) => join(here, "node_modules", ".bin", name);
const run = (name, args) => spawnSync(bin(name), args, { cwd: here, stdio: "inherit" }).status === 0;

let [passed, failed] = [0, 0];
const step = (ok) => (ok ? passed++ : failed++);
step(run("vite", ["build", "--logLevel", "error"]));
step(run("vite", ["build", "--logLevel", "error", "--mode", "twin"]));
step(run("svelte-check", ["--tsconfig", "./tsconfig.json", "--fail-on-warnings"]));
if (failed === 0) {
  run("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`, ...process.argv.slice(2)]);
  try {
    const report = JSON.parse(readFileSync(results, "utf8"));
    passed += report.numPassedTests;
    // A file that cannot even be loaded has no tests that could fail.
    const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.every((one) => one.status !== "failed"));
    failed += report.numFailedTests + report.numPendingTests + report.numTodoTests + broken.length;
  } catch {
    failed += 1;
  }
}
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
