// The window as a window: coming, going, coming again, and what it costs.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

import { family, isAlive } from '../stage.mjs';
import { check, same, stays, until } from '../waiting.mjs';
import { CURSOR, FIRST, KNOWN, NEW, cursor, newCard, pastTheSheet } from './house.mjs';

/** Kilobytes that a process and all below it hold, shared pages by their share. */
function pss(pid) {
  return family(pid).reduce((sum, one) => {
    try {
      return sum + Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))[1]);
    } catch {
      return sum;
    }
  }, 0);
}

/** Sockets of the internet that any process of the family holds. */
function connections(pid) {
  const out = [];
  for (const one of family(pid)) {
    const open = new Set();
    try {
      for (const fd of readdirSync(`/proc/${one}/fd`)) open.add(readlinkSync(`/proc/${one}/fd/${fd}`));
    } catch {
      continue;
    }
    for (const table of ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6']) {
      for (const line of readFileSync(`/proc/${one}/net/${table}`, 'utf8').trim().split('\n').slice(1)) {
        const fields = line.trim().split(/\s+/);
        if (open.has(`socket:[${fields[9]}]`)) out.push(`${table} ${fields[1]} ${fields[2]}`);
      }
    }
  }
  return out;
}

export default [
  {
    name: 'a second start shows the window of the first and ends well',
    stage: { files: FIRST },
    async run(stage) {
      stage.start();
      await until(() => stage.windows().length === 1, 'the window');
      stage.closeWindow();
      await until(() => stage.windows().length === 0, 'the window is closed');
      const second = stage.again();
      same(second.code, 0, `exit code (${second.err})`);
      check(second.out.includes(`process ${stage.pid()}`), `it says who runs: ${second.out}`);
      await until(() => stage.windows().length === 1, 'the window is back');
    },
  },
  {
    name: 'beside a guard in a terminal the app says so and does not start',
    stage: { files: FIRST },
    async run(stage) {
      const { spawn } = await import('node:child_process');
      const watch = spawn(stage.house.cli, ['watch'], { env: stage.env, stdio: 'ignore' });
      await until(() => stage.inventory().guard.running, 'the guard runs');
      const second = stage.again();
      watch.kill();
      same(second.code, 2, 'exit code');
      check(second.err.includes('without a window'), second.err);
    },
  },
  {
    name: 'without a display the app names what works there',
    stage: {},
    async run(stage) {
      delete stage.env.DISPLAY;
      const ended = stage.again();
      same(ended.code, 2, 'exit code');
      check(ended.err.includes('gatehouse watch'), ended.err);
      same(ended.err.trim().split('\n').length, 1, 'lines');
    },
  },
  {
    name: 'closed by the window manager the guard lives on and holds',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await stage.drive();
      await pastTheSheet(driver);
      stage.closeWindow();
      await until(() => stage.windows().length === 0, 'the window is gone');
      const pid = stage.pid();
      await until(() => !family(pid).some((one) => readFileSync(`/proc/${one}/comm`, 'utf8').startsWith('WebKitWebProces')), 'its page is gone');
      stage.replace(CURSOR, cursor({ files: KNOWN, invoices: NEW }));
      await stage.waitStatus('invoices', 'held');
      check(isAlive(pid), 'the app ended');
      await until(() => stage.windows().length === 1, 'the question brings the window up');
    },
  },
  {
    name: 'ten rounds of opening and closing keep the memory flat',
    stage: { files: FIRST },
    async run(stage) {
      stage.start();
      await until(() => stage.windows().length === 1, 'the window');
      const pid = stage.pid();
      const rounds = [];
      for (let round = 0; round < 10; round += 1) {
        stage.closeWindow();
        await until(() => stage.windows().length === 0, 'the window is closed');
        await until(() => !family(pid).some((one) => isAlive(one) && readFileSync(`/proc/${one}/comm`, 'utf8').startsWith('WebKitWebProces')), 'its page is gone');
        rounds.push(pss(pid));
        same(stage.again().code, 0, 'a second start');
        await until(() => stage.windows().length === 1, 'the window is back');
        await until(() => family(pid).some((one) => isAlive(one) && readFileSync(`/proc/${one}/comm`, 'utf8').startsWith('WebKitWebProces')), 'its page is there');
      }
      console.log(`        PSS with the window closed, MB: ${rounds.map((kb) => Math.round(kb / 1024)).join(' ')}`);
      const early = Math.max(...rounds.slice(1, 4));
      const late = Math.max(...rounds.slice(7));
      check(late - early < 8 * 1024, `it grew by ${Math.round((late - early) / 1024)} MB in six rounds`);
    },
  },
  {
    name: 'no process of the app has a connection',
    stage: { files: FIRST },
    async run(stage) {
      stage.start();
      await until(() => stage.windows().length === 1, 'the window');
      stage.replace(CURSOR, cursor({ files: KNOWN, invoices: NEW }));
      await stage.waitStatus('invoices', 'held');
      const pid = stage.pid();
      await until(() => family(pid).length > 2, 'the processes of the page');
      await stays(() => {
        const found = connections(pid);
        check(found.length === 0, found.join('\n'));
        return true;
      }, 'no connection', 2_000);
    },
  },
  {
    name: 'the window comes up for a question once',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await stage.drive();
      await pastTheSheet(driver);
      await newCard(stage, driver);
      await driver.press('Later');
      await until(() => stage.windows().length === 0, 'Later closes the window');
      // Another save of the same file, and the same question again.
      stage.replace(CURSOR, cursor({ files: KNOWN, invoices: NEW }));
      await until(() => !stage.read(CURSOR).includes('invoices'), 'it is held again');
      await stays(() => stage.windows().length === 0, 'the window does not come up', 1_000);
    },
  },
];
