// Pictures of every state, for eyes.
import path from 'node:path';

import { until } from '../waiting.mjs';
import { CODE, CURSOR, KNOWN, NEW, cursor } from './house.mjs';

const HOSTILE = { command: 'npx', args: ['-y', 'evil\u202Egnp.exe', '<img src=x onerror=alert(1)>', '--key=\u200Bvalue'] };
const REMOTE = { url: 'http://mcp.example.org/sse', headers: { Authorization: 'Bearer abcdefghijklmnop' } };
const FILES = {
  [CURSOR]: cursor({ files: KNOWN, search: { command: 'uvx', args: ['search-mcp'] }, remote: REMOTE }),
  [CODE]: '{"servers":{"docs":{"command":"docker","args":["run","-i","--rm","acme/docs:1"]}}}\n',
  '.codex/config.toml': '[mcp_servers.notes]\ncommand = "node"\nargs = ["/srv/notes/server.js"]\n',
  '.claude.json': '{"mcpServers": {"broken": ',
};

function shots(lang, dark) {
  const scheme = dark ? 'dark' : 'light';
  return {
    name: `pictures, ${lang}, ${scheme}`,
    stage: { files: FILES, lang, dark },
    async run(stage, folder) {
      const driver = await stage.drive();
      const shot = (state) => driver.shot(path.join(folder, `${state}-${lang}-${scheme}.png`));
      const title = (text) => driver.find(`//h1[contains(normalize-space(.), '${text}')]`);
      await driver.find('//h1');
      await shot('1-first-run');
      await driver.press(lang === 'en' ? 'Leave all unreviewed' : 'Dejar todos sin revisar');
      await driver.find("//h1[not(contains(., '5'))]");
      await shot('2-connectors');
      const known = { files: KNOWN, search: { command: 'uvx', args: ['search-mcp'] }, remote: REMOTE };
      stage.replace(CURSOR, cursor({ ...known, invoices: NEW }));
      await title('invoices');
      await stage.waitStatus('invoices', 'held');
      await shot('3-card-new');
      await until(async () => {
        await driver.press(lang === 'en' ? 'Approve…' : 'Aprobar…');
        return (await driver.all("//fieldset[contains(@class,'drawer')]")).length > 0;
      }, 'the drawer');
      await shot('4-card-drawer');
      stage.replace(CURSOR, cursor({ ...known, 'host\u202Eile': HOSTILE, files: { ...KNOWN, args: ['-y', '@acme/files@1.3.0', '/srv/notes'] } }));
      await until(() => stage.inventory().waiting === 3, 'three wait');
      await driver.key('\uE00C');
      await driver.key('\uE00C');
      await until(() => stage.windows().length === 0, 'closed');
    },
  };
}

export default ['en', 'es'].flatMap((lang) => [shots(lang, false), shots(lang, true)]);
