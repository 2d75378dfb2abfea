// Pictures of every state, for eyes.
import path from 'node:path';

import { quoted } from '../driver.mjs';
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
      const title = (text) => driver.find(`//h1[contains(normalize-space(.), ${quoted(text)})]`);
      /** The control that does something, whatever it is called in this language. */
      const control = (what) => `//*[@data-do='${what}' or @data-opens='${what}'][not(@disabled)]`;
      const press = async (xpath, shows) => {
        driver.front();
        await until(async () => {
          const [found] = await driver.all(xpath);
          if (found) await driver.click(found).catch(() => {});
          return until(async () => (await driver.all(shows))[0], shows, 1_500).catch(() => false);
        }, `${xpath} leads to ${shows}`, 30_000);
      };
      const view = (at) => `(//nav//button)[${at}]`;
      const known = { files: KNOWN, search: { command: 'uvx', args: ['search-mcp'] }, remote: REMOTE };
      await driver.find('//h1');
      await shot('01-first-run');
      await press(control('leave'), '//nav');
      await shot('02-connectors');
      stage.replace(CURSOR, cursor({ ...known, invoices: NEW }));
      await title('invoices');
      await stage.waitStatus('invoices', 'held');
      await shot('03-card-new');
      await press(control('approve'), "//fieldset[contains(@class,'drawer')]");
      await shot('04-card-approve');
      await press(control('back'), control('remove'));
      await press(control('more'), "//fieldset[contains(@class,'drawer')]");
      await shot('05-card-more');
      await press(control('back'), control('approve'));
      const updated = { ...KNOWN, args: ['-y', '@acme/files@1.3.0', '/srv/notes'] };
      stage.replace(CURSOR, cursor({ ...known, 'host\u202Eile': HOSTILE, files: updated }));
      await until(() => stage.inventory().waiting === 3, 'three wait');
      await press(control('keep'), control('review'));
      await shot('06-waiting');
      const review = (name) => `//li[contains(., ${quoted(name)})]//*[@data-do='review']`;
      await press(review('⟦U+202E⟧'), '//h1[contains(., "U+202E")]');
      await shot('07-card-hostile');
      await press(control('back') + '|' + control('later'), control('review'));
      await press(review('files'), '//h1[contains(., "files")]');
      await shot('08-card-changed');
      await press(control('back') + '|' + control('later'), view(2));
      await press(view(2), "//button[contains(@class,'entry')]");
      await press("//button[contains(@class,'entry')][contains(., 'invoices')]", "//*[@aria-pressed='true']");
      await until(async () => !(await driver.page()).includes('…history'), 'the history');
      await shot('09-detail');
      await press(view(3), "//h1[not(contains(., 'Con'))]");
      await shot('10-coverage');
      await driver.resize(420, 800);
      await press(view(1), control('review'));
      await shot('11-waiting-narrow');
    },
  };
}

export default ['en', 'es'].flatMap((lang) => [shots(lang, false), shots(lang, true)]);
