// Pictures of every state, for eyes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import path from 'node:path';

import { quoted } from '../driver.mjs';
import { check, until } from '../waiting.mjs';
import { CODE, CURSOR, KNOWN, NEW, cursor } from './house.mjs';

const HOSTILE = { command: 'npx', args: ['-y', 'evil\u202Egnp.exe', '<img src=x onerror=alert(1)>', '--key=\u200Bvalue'] };
const REMOTE = { url: 'http://mcp.example.org/sse', headers: { Authorization: 'Bearer abcdefghijklmnop' } };
const FILES = {
  [CURSOR]: cursor({ files: KNOWN, search: { command: 'uvx', args: ['search-mcp'] }, remote: REMOTE }),
  [CODE]: '{"servers":{"docs":{"command":"docker","args":["run","-i","--rm","acme/docs:1"]}}}\n',
  '.codex/config.toml': '[mcp_servers.notes]\ncommand = "node"\nargs = ["/srv/notes/server.js"]\n',
  '.claude.json': '{"mcpServers": {"broken": ',
};

/** Clicks what there is to click until something shows. */
const pressing = (driver) => async (xpath, shows) => {
  driver.front();
  await until(async () => {
    const [found] = await driver.all(xpath);
    if (found) await driver.click(found).catch(() => {});
    return until(async () => (await driver.all(shows))[0], shows, 1_500).catch(() => false);
  }, `${xpath} leads to ${shows}`, 30_000);
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
      const press = pressing(driver);
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

const server = (name, args) => JSON.stringify({ mcpServers: { [name]: { command: 'npx', args: ['-y', args] } } }, null, 2);
const [SURF, GEMINI, DESKTOP] = ['.codeium/windsurf/mcp_config.json', '.gemini/settings.json', '.config/Claude/claude_desktop_config.json'];
const WATCHED = {
  [CURSOR]: cursor({ files: KNOWN }), [DESKTOP]: cursor({ files: KNOWN }), [SURF]: '{"mcpServers": {}}\n', [GEMINI]: '{"mcpServers": {}}\n',
  '.claude/settings.json': '{}\n', 'shop/.mcp.json': '{"mcpServers": {}}\n',
};

/** What is only watched, what is switched off instead of cut, what git tracks, and what is told without a question. */
function watched(lang, dark) {
  const scheme = dark ? 'dark' : 'light';
  return {
    name: `pictures of the watched, ${lang}, ${scheme}`,
    stage: { files: WATCHED, lang, dark },
    async run(stage, folder) {
      const shop = path.join(stage.home, 'shop');
      stage.write('.claude.json', JSON.stringify({ projects: { [shop]: {} } }));
      for (const args of [['init', '--quiet'], ['add', '.']]) spawnSync('git', ['-C', shop, ...args], { env: stage.env });
      const driver = await stage.drive();
      const shot = (state) => driver.shot(path.join(folder, `${state}-${lang}-${scheme}.png`));
      const control = (what) => `//*[@data-do='${what}' or @data-opens='${what}'][not(@disabled)]`;
      const press = pressing(driver);
      await press(control('leave'), '//nav');
      stage.write('.cursor/plugins/local/tools/mcp.json', server('tools', 'tools-mcp@2.0.0'));
      stage.write('.gemini/extensions/mail/gemini-extension.json', server('mail', 'mail-mcp@1.0.0'));
      stage.replace(SURF, server('weather', 'weather-mcp@3.1.0'));
      stage.replace('shop/.mcp.json', server('search', 'search-mcp@1.0.0'));
      await until(() => stage.inventory().waiting === 4, 'four wait');
      await stage.waitStatus('search', 'held');
      await stage.waitStatus('weather', 'held');
      await press('(//nav//button)[1]', control('review'));
      await shot('12-waiting-watched');
      const review = (name) => `//li[contains(., ${quoted(name)})]//*[@data-do='review']`;
      const cards = [['tools', '13-card-plugin'], ['mail', '14-card-extension'], ['weather', '15-card-switch'], ['search', '16-card-tracked']];
      for (const [name, state] of cards) {
        await press(review(name), `//h1[contains(., ${quoted(name)})]`);
        await shot(state);
        if (name === 'search') {
          // Whatever brings the window to the front begins the time to read anew.
          await until(async () => {
            const [able] = await driver.all(`${control('ask-only')}[not(@aria-disabled='true')]`);
            if (able) await driver.click(able).catch(() => {});
            return stage.read('shop/.mcp.json').includes('search-mcp');
          }, 'it is back', 30_000);
          await until(async () => (await driver.all(control('ask-only'))).length === 0, 'the offer is gone');
          await shot('17-card-asks-only');
        }
        await press("//*[contains(@class,'card-back')]//button", review(name));
      }
      stage.replace('.claude/settings.json', '{"enableAllProjectMcpServers": true, "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "./x.sh"}]}]}}\n');
      stage.write('.config/gatehouse/settings.json', '{"mode": "ask", "deny": ["by name"]}\n');
      await press('(//nav//button)[2]', "//button[contains(@class,'entry')]");
      for (const told of ['./x.sh', 'gatehouse/settings.json']) {
        await until(async () => (await driver.all(`//*[contains(@class,'banner')][contains(., ${quoted(told)})]`))[0], `the alarm of ${told}`, 20_000);
      }
      await shot('18-connectors-alarms');
      await press("//button[contains(@class,'entry')][contains(., 'weather')]", "//*[@aria-pressed='true']");
      await shot('19-detail-switch');
    },
  };
}

/** Services of this machine that know one image and its entry. */
async function services() {
  const things = new Map();
  const put = (thing) => {
    const text = JSON.stringify(thing);
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    things.set(digest, text);
    return { digest, text };
  };
  const labels = { 'io.modelcontextprotocol.server.name': 'dev.acme/docs', 'org.opencontainers.image.source': 'https://github.com/acme/docs' };
  const config = put({ created: '2026-10-01T00:00:00Z', config: { Labels: labels } });
  const image = put({ schemaVersion: 2, config: { digest: config.digest }, layers: [] });
  const status = { 'io.modelcontextprotocol.registry/official': { status: 'active' } };
  const entry = { server: { name: 'dev.acme/docs', packages: [{ registryType: 'oci', identifier: 'docker.io/acme/docs:1' }] }, _meta: status };
  const said = {
    '/v2/acme/docs/manifests/1': image.text,
    '/v0.1/servers/dev.acme%2Fdocs/versions/latest': JSON.stringify(entry),
    '/repos/acme/docs': JSON.stringify({ full_name: 'acme/docs', created_at: '2020-01-02T00:00:00Z', pushed_at: '2026-11-20T00:00:00Z' }),
    '/users/acme': JSON.stringify({ created_at: '2015-03-01T00:00:00Z' }),
  };
  const server = createServer((asked, answer) => {
    const text = said[asked.url] ?? (asked.url.includes('/blobs/') ? things.get(asked.url.split('/').pop()) : undefined);
    answer.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, digest: image.digest.slice(7, 19) };
}

const DOCS = JSON.stringify({ mcpServers: { docs: { command: 'docker', args: ['run', '-i', '--rm', 'acme/docs:1'] } } }, null, 2);

/** What others say of an image, with look-ups on. */
function vouched(lang, dark) {
  const scheme = dark ? 'dark' : 'light';
  return {
    name: `pictures of what others say, ${lang}, ${scheme}`,
    stage: { files: { [CURSOR]: DOCS }, lang, dark },
    async run(stage, folder) {
      const { server, digest } = await services();
      try {
        const base = `http://127.0.0.1:${server.address().port}/`;
        const keys = ['advisoryService', 'connectorRegistry', 'imageRegistry', 'nameService', 'registrationService', 'repositoryService'];
        stage.write('.config/gatehouse/settings.json', JSON.stringify(Object.fromEntries(keys.map((key) => [key, base]))));
        const driver = await stage.drive();
        const press = pressing(driver);
        await press("//*[@data-do='leave'][not(@disabled)]", '//nav');
        check(stage.cli('look-ups', 'on').code === 0, 'look-ups are on');
        await until(() => stage.row('docs').trust.word === 'verified', 'it is vouched for', 20_000);
        await press('(//nav//button)[2]', "//button[contains(@class,'entry')]");
        await press("//button[contains(@class,'entry')][contains(., 'docs')]", "//*[@aria-pressed='true']");
        // What its name leads to, which entry it has, how old its repository is.
        for (const said of [digest, 'dev.acme/docs', '2020-01-02']) {
          await until(async () => (await driver.all(`//*[contains(normalize-space(.), ${quoted(said)})]`))[0], said);
        }
        await driver.shot(path.join(folder, `20-detail-vouched-${lang}-${scheme}.png`));
      } finally {
        server.close();
      }
    },
  };
}

export default ['en', 'es'].flatMap((lang) => [false, true].flatMap((dark) => [shots(lang, dark), watched(lang, dark), vouched(lang, dark)]));
