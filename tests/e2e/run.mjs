// node tests/e2e/run.mjs APP CLI [FILTER]: the app as it ships, in a real window on a virtual display.
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import answers from './cases/answers.mjs';
import guards from './cases/guards.mjs';
import shots from './cases/shots.mjs';
import tray from './cases/tray.mjs';
import window from './cases/window.mjs';
import { Screen, Stage } from './stage.mjs';

const [app, cli, filter = ''] = process.argv.slice(2);
const folder = path.join(import.meta.dirname, '../../target/shots');
mkdirSync(folder, { recursive: true });
const screen = await Screen.open();
const house = { screen, app: path.resolve(app), cli: path.resolve(cli) };
let passed = 0;
const failed = [];
for (const { name, stage: wanted, run } of [...answers, ...guards, ...window, ...tray, ...shots]) {
  if (!name.includes(filter)) continue;
  const begun = Date.now();
  let stage;
  try {
    stage = await Stage.set(house, wanted);
    await run(stage, folder);
    passed += 1;
    console.log(`ok      ${name} (${Date.now() - begun} ms)`);
  } catch (error) {
    failed.push(name);
    console.log(`FAILED  ${name}\n${error.stack}`);
    await stage?.driver?.shot(path.join(folder, `failed-${name.replaceAll(/\W+/g, '-')}.png`)).catch(() => {});
    if (stage?.said) console.log(stage.said);
  } finally {
    await stage?.end().catch((error) => console.log(`The stage was not cleared: ${error.message}`));
  }
}
screen.close();
console.log(`\n${passed} passed, ${failed.length} failed`);
process.exit(failed.length === 0 && passed > 0 ? 0 : 1);
