// The real window through WebKitWebDriver: finding, clicking, typing, looking. It never reaches behind the page.
import { spawn, spawnSync } from 'node:child_process';
import net from 'node:net';

import { until } from './waiting.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
export const KEYS = { enter: '\uE007', escape: '\uE00C', tab: '\uE004', space: ' ' };

/** A port that is free now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket.destroy() && true));
    socket.on('error', () => resolve(false));
  });
}

export class Driver {
  /** Starts the program in an environment and waits for its window. */
  static async start(program, args, env) {
    const driver = new Driver();
    driver.env = env;
    const port = await freePort();
    driver.base = `http://127.0.0.1:${port}`;
    const automation = { TAURI_AUTOMATION: 'true', TAURI_WEBVIEW_AUTOMATION: 'true' };
    driver.process = spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      env: { ...env, ...automation },
      stdio: 'ignore',
    });
    await until(() => listens(port), 'the driver listens');
    const options = { binary: program, args };
    const asked = { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } };
    const session = await driver.ask('POST', '/session', asked, 30_000);
    driver.session = `/session/${session.sessionId}`;
    return driver;
  }

  async ask(method, path, body, patience = 10_000) {
    const answer = await fetch(this.base + path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(`${value.error}: ${value.message}`), { code: value.error });
    return value;
  }

  at(method, path, body) {
    return this.ask(method, this.session + path, body);
  }

  /** All elements that an XPath finds now. */
  async all(xpath) {
    const found = await this.at('POST', '/elements', { using: 'xpath', value: xpath });
    return found.map((one) => one[ELEMENT]);
  }

  /** Waits for the one element that an XPath finds. */
  find(xpath) {
    return until(async () => (await this.all(xpath))[0], `the window shows ${xpath}`);
  }

  /** A button that is shown by its words. */
  button(words) {
    return this.find(`//button[normalize-space(.)=${quoted(words)}]`);
  }

  async hasButton(words) {
    return (await this.all(`//button[normalize-space(.)=${quoted(words)}]`)).length > 0;
  }

  click(element) {
    return this.at('POST', `/element/${element}/click`, {});
  }

  /** Brings the window to the front, as a user does who goes to it: a window without focus takes no decision. */
  front() {
    spawnSync('wmctrl', ['-a', 'Gatehouse'], { env: this.env });
  }

  /** Clicks a button, until it does what it says: what loosens takes no press while the reader has only just come. */
  pressUntil(words, isDone, what) {
    this.front();
    return until(async () => {
      if (await isDone()) return true;
      const [button] = await this.all(`//button[normalize-space(.)=${quoted(words)} and not(@disabled)]`);
      if (button !== undefined) await this.click(button).catch(() => {});
      // Pressing again at once would be one press too early after the other.
      return until(isDone, what, 1_500).catch(() => false);
    }, what, 30_000);
  }

  /** Clicks a button as soon as it is there. */
  async press(words) {
    await this.click(await this.button(words));
  }

  type(element, text) {
    return this.at('POST', `/element/${element}/value`, { text });
  }

  /** Types into whatever has the focus. */
  async key(text) {
    const active = await this.at('GET', '/element/active');
    // A key that closes the window leaves nobody to answer.
    await this.type(active[ELEMENT], text).catch((error) => {
      if (error.code !== 'no such window') throw error;
    });
  }

  text(element) {
    return this.at('GET', `/element/${element}/text`);
  }

  async page() {
    return this.text(await this.find('//body'));
  }

  sees(words) {
    return until(async () => (await this.page()).includes(words), `the window says “${words}”`);
  }

  /** A picture of the window as the screen has it: for eyes, so a moment is given to draw it. */
  async shot(path) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const list = spawnSync('wmctrl', ['-l'], { env: this.env, encoding: 'utf8' }).stdout;
    const [id] = list.split('\n').find((line) => line.endsWith('Gatehouse'))?.split(' ') ?? [];
    if (id !== undefined) spawnSync('import', ['-window', id, path], { env: this.env });
  }

  resize(width, height) {
    return this.at('POST', '/window/rect', { width, height });
  }

  async end() {
    await this.at('DELETE', '').catch(() => {});
    this.process.kill();
  }
}

/** A text as an XPath literal. */
export function quoted(text) {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
