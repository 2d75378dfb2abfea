// A made-up home on a bus and a display of its own, with the app in it.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { Driver } from './driver.mjs';
import { check, until } from './waiting.mjs';

const HERE = import.meta.dirname;
/** Variables that say how to run, and nothing of where the user's files are. */
const KEPT = ['PATH', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH'];
const BUS = `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`;

/** A screen that nobody sees, with a window manager. */
export class Screen {
  static async open() {
    const screen = new Screen();
    screen.server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1500x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [number] = await once(createInterface({ input: screen.server.stdio[3] }), 'line');
    screen.display = `:${number}`;
    const env = { ...process.env, DISPLAY: screen.display };
    const stands = () => spawnSync('wmctrl', ['-m'], { env }).status === 0;
    // One that is started while the display is busy may never take it over: then another one does.
    for (let tries = 3; ; tries -= 1) {
      screen.manager = spawn('openbox', [], { env, stdio: 'ignore' });
      try {
        await until(stands, 'a window manager');
        return screen;
      } catch (error) {
        screen.manager.kill();
        if (tries === 0) throw error;
      }
    }
  }

  close() {
    this.manager.kill();
    this.server.kill();
  }
}

function once(emitter, event) {
  return new Promise((resolve) => emitter.once(event, (...args) => resolve(args)));
}

export class Stage {
  /**
   * @param {{screen: Screen, app: string, cli: string}} house
   * @param {{files?: Record<string, string>, tray?: boolean, lang?: string, dark?: boolean}} wanted
   */
  static async set(house, wanted = {}) {
    const stage = new Stage();
    stage.house = house;
    stage.root = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-'));
    stage.home = path.join(stage.root, 'home');
    stage.args = wanted.lang ? ['--lang', wanted.lang] : [];
    for (const folder of ['home', 'run', 'bus']) mkdirSync(path.join(stage.root, folder), { mode: 0o700 });
    for (const [file, text] of Object.entries(wanted.files ?? {})) stage.write(file, text);
    const config = path.join(stage.root, 'bus/bus.conf');
    writeFileSync(config, BUS);
    stage.bus = spawn('dbus-daemon', ['--nofork', '--print-address=1', `--config-file=${config}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [address] = await once(createInterface({ input: stage.bus.stdout }), 'line');
    stage.env = {
      ...Object.fromEntries(KEPT.filter((name) => process.env[name]).map((name) => [name, process.env[name]])),
      HOME: stage.home,
      XDG_CONFIG_HOME: path.join(stage.home, '.config'),
      XDG_DATA_HOME: path.join(stage.home, '.local/share'),
      XDG_STATE_HOME: path.join(stage.home, '.local/state'),
      XDG_CACHE_HOME: path.join(stage.home, '.cache'),
      XDG_RUNTIME_DIR: path.join(stage.root, 'run'),
      DBUS_SESSION_BUS_ADDRESS: address,
      DISPLAY: house.screen.display,
      LANG: 'C.UTF-8',
      // A look-up that a case does not answer itself leads nowhere.
      HTTPS_PROXY: 'http://127.0.0.1:9',
      GTK_A11Y: 'none',
      NO_AT_BRIDGE: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
      // Without a graphics card the page waits seconds for a frame through shared buffers.
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      ...(wanted.dark ? { GTK_THEME: 'Adwaita:dark' } : {}),
    };
    if (wanted.tray) stage.tray = await TrayHost.start(stage.env);
    return stage;
  }

  file(name) {
    return path.join(this.home, name);
  }

  read(name) {
    return readFileSync(this.file(name), 'utf8');
  }

  /** Saves in place. */
  write(name, text) {
    mkdirSync(path.dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  /** Saves the way editors do: a new file beside it, renamed over it. */
  replace(name, text) {
    const beside = `${this.file(name)}.new`;
    writeFileSync(beside, text);
    renameSync(beside, this.file(name));
  }

  /** Starts the app with its window driven. Without a tray host, or with anything to ask, the window comes up by itself. */
  async drive() {
    this.driver = await Driver.start(this.house.app, this.args, this.env);
    return this.driver;
  }

  /** Like `drive`, with a process above the app that has a client's name. */
  async driveBelow(client) {
    const program = this.file(`bin/${client}`);
    mkdirSync(path.dirname(program), { recursive: true });
    copyFileSync('/bin/sh', program);
    chmodSync(program, 0o755);
    this.driver = await Driver.start(program, ['-c', '"$@"; exit $?', 'sh', this.house.app, ...this.args], this.env);
    return this.driver;
  }

  /** Starts the app alone. */
  start() {
    this.process = spawn(this.house.app, this.args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.said = '';
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (data) => (this.said += data));
    return this.process;
  }

  /** Starts the app once more, to its end. */
  again() {
    const ended = spawnSync(this.house.app, this.args, { env: this.env, encoding: 'utf8', timeout: 20_000 });
    return { code: ended.status, out: ended.stdout, err: ended.stderr };
  }

  /** Runs the command line in this home. */
  cli(...args) {
    const ended = spawnSync(this.house.cli, args, { env: this.env, encoding: 'utf8', timeout: 20_000 });
    return { code: ended.status, out: ended.stdout, err: ended.stderr };
  }

  inventory() {
    return JSON.parse(this.cli('scan', '--format', 'json').out);
  }

  row(name) {
    return this.inventory().connectors.find((row) => row.name === name);
  }

  /** Decisions in the ledger. */
  decisions() {
    return JSON.parse(this.cli('log', '--format', 'json').out).entries.filter((entry) => entry.event === 'decided');
  }

  waitStatus(name, status) {
    return until(() => {
      const found = this.row(name)?.status;
      check(found === status, `it is ${found}`);
      return true;
    }, `${name} is ${status}`);
  }

  /** Waits until the guard holds the lock and has made its first look. */
  waitGuard() {
    return until(() => this.cli('status', '--format', 'json').code === 0 && this.inventory().guard.running && this.read('.config/gatehouse/installed') !== undefined, 'the guard stands');
  }

  /** Titles of the windows on the screen. */
  windows() {
    const out = spawnSync('wmctrl', ['-l'], { env: this.env, encoding: 'utf8' }).stdout;
    return out.split('\n').filter((line) => line.endsWith('Gatehouse'));
  }

  closeWindow() {
    spawnSync('wmctrl', ['-c', 'Gatehouse'], { env: this.env });
  }

  /** The app's process, also where the driver started it. */
  pid() {
    return JSON.parse(readFileSync(this.file('.local/share/gatehouse/guard.lock'), 'utf8')).pid;
  }

  async end() {
    let pid;
    try {
      pid = this.pid();
    } catch {
      pid = this.process?.pid;
    }
    if (this.driver) await this.driver.end();
    if (pid !== undefined && isAlive(pid)) {
      process.kill(pid, 'SIGTERM');
      await until(() => !isAlive(pid), 'the app ends').catch(() => process.kill(pid, 'SIGKILL'));
    }
    this.tray?.end();
    this.bus.kill();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
    await this.offScreen();
  }

  /** Waits out the window manager, which lists the window of an ended app for a while: what comes next would take it for its own. */
  offScreen() {
    return until(() => this.windows().length === 0, 'the window is off the screen');
  }

  /** Ends the app well, and keeps the home. */
  async quit() {
    const pid = this.pid();
    if (isAlive(pid)) process.kill(pid, 'SIGTERM');
    await until(() => !isAlive(pid), 'the app ends');
    if (this.driver) await this.driver.end();
    this.driver = undefined;
    await this.offScreen();
  }
}

export function isAlive(pid) {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '')[0];
    return state !== 'Z';
  } catch {
    return false;
  }
}

/** A process and all below it. */
export function family(pid) {
  const parents = new Map();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(Number(entry), Number(readFileSync(`/proc/${entry}/stat`, 'utf8').replace(/.*\) /, '').split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const out = [pid];
  for (const one of out) for (const [child, parent] of parents) if (parent === one) out.push(child);
  return out;
}

class TrayHost {
  static async start(env) {
    const host = new TrayHost();
    host.events = [];
    host.answers = new Map();
    host.number = 0;
    // The system's interpreter: only that one has the modules for the bus.
    host.process = spawn('/usr/bin/python3', [path.join(HERE, 'tray_host.py')], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: host.process.stdout }).on('line', (line) => {
      const told = JSON.parse(line);
      if (told.event) host.events.push(told);
      else host.answers.get(told.n)?.(told);
    });
    await host.heard((told) => told.event === 'ready');
    return host;
  }

  /** Waits for an event, past ones included. */
  heard(is) {
    return until(() => this.events.find(is), 'the tray hears of it');
  }

  order(what) {
    const n = ++this.number;
    return new Promise((resolve, reject) => {
      this.answers.set(n, (told) => (told.error ? reject(new Error(told.error)) : resolve(told.answer)));
      this.process.stdin.write(`${JSON.stringify({ n, ...what })}\n`);
    });
  }

  menu() {
    return this.order({ do: 'menu' });
  }

  item() {
    return this.order({ do: 'item' });
  }

  choose(label) {
    return this.order({ do: 'choose', label });
  }

  act(id, action) {
    return this.order({ do: 'act', id, action });
  }

  notifications() {
    return this.events.filter((told) => told.event === 'notified');
  }

  end() {
    this.process.stdin.end();
    this.process.kill();
  }
}
