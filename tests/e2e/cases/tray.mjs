import { check, same, stays, until } from '../waiting.mjs';
import { CURSOR, FIRST, KNOWN, NEW, cursor } from './house.mjs';

const SETTLED = { files: FIRST, tray: true };

/** Starts the app in a home whose first run is over, so that no window comes up. */
async function settled(stage) {
  const set = stage.cli('mode', 'ask');
  same(set.code, 0, `the mode is set: ${set.err}`);
  stage.start();
  await stage.tray.heard((told) => told.event === 'registered');
  await until(async () => (await stage.tray.menu()).some((row) => row.label === 'Open Gatehouse'), 'the menu');
}

async function label(stage, id) {
  return (await stage.tray.menu()).find((row) => row.label === id);
}

export default [
  {
    name: 'the tray shows the menu and opens the window',
    stage: SETTLED,
    async run(stage) {
      await settled(stage);
      const menu = await stage.tray.menu();
      const words = menu.map((row) => row.label).filter(Boolean);
      same(words.join(' | '), 'Nothing waits | Review… | Open Gatehouse | Pause for an hour | Resume | Mode | Hold and ask | Monitor only | Quit', 'menu');
      same(menu.find((row) => row.label === 'Nothing waits').enabled, false, 'the state line does nothing');
      same(menu.find((row) => row.label === 'Review…').enabled, false, 'nothing to review');
      await stays(() => stage.windows().length === 0, 'no window by itself', 1_000);
      await stage.tray.choose('Open Gatehouse');
      await until(() => stage.windows().length === 1, 'the window');
    },
  },
  {
    name: 'the icon, its text and the menu change when something waits',
    stage: SETTLED,
    async run(stage) {
      await settled(stage);
      const quiet = await stage.tray.item();
      stage.replace(CURSOR, cursor({ files: KNOWN, invoices: NEW }));
      await until(() => label(stage, '1 connector waits for your decision'), 'the state line');
      await until(async () => (await stage.tray.item()).XAyatanaLabel === '1', 'the count beside the icon');
      const waiting = await stage.tray.item();
      check(waiting.IconName !== quiet.IconName, `the icon stays ${quiet.IconName}`);
      same((await label(stage, 'Review…')).enabled ?? true, true, 'Review… is there');
      await until(() => stage.windows().length === 1, 'the question brings the window up');
      stage.closeWindow();
      await until(() => stage.windows().length === 0, 'the window is closed');
      await stage.tray.choose('Review…');
      await until(() => stage.windows().length === 1, 'Review… brings it up');
    },
  },
  {
    name: 'pause, resume and mode from the menu',
    stage: SETTLED,
    async run(stage) {
      await settled(stage);
      const quiet = (await stage.tray.item()).IconName;
      await stage.tray.choose('Pause for an hour');
      await until(() => label(stage, 'Paused: nothing new is held'), 'it is paused');
      check((await stage.tray.item()).IconName !== quiet, 'the icon shows it');
      await stage.tray.choose('Resume');
      await until(() => label(stage, 'Nothing waits'), 'it goes on');
      await stage.tray.choose('Monitor only');
      await until(() => stage.inventory().mode === 'monitor', 'the mode');
      await until(async () => (await label(stage, 'Monitor only'))['toggle-state'] === 1, 'it is ticked');
      await until(async () => (await label(stage, 'Hold and ask'))['toggle-state'] === 0, 'the other is not');
      // Chosen once more it stays ticked.
      await stage.tray.choose('Monitor only');
      await stays(async () => (await label(stage, 'Hold and ask'))['toggle-state'] === 0, 'the other is not');
      await until(async () => (await label(stage, 'Monitor only'))['toggle-state'] === 1, 'it is ticked again');
    },
  },
  {
    name: 'a notification offers Review… and nothing else',
    stage: SETTLED,
    async run(stage) {
      await settled(stage);
      stage.replace(CURSOR, cursor({ files: KNOWN, 'in<b>voices': NEW }));
      const told = await stage.tray.heard((one) => one.event === 'notified');
      same(told.title, 'in<b>voices waits for your decision (Cursor)', 'title');
      same(told.actions.filter((_, at) => at % 2 === 1).filter((one) => one !== '' && one !== 'Default').join(), 'Review…', 'actions');
      await until(() => stage.windows().length === 1, 'the window');
      stage.closeWindow();
      await until(() => stage.windows().length === 0, 'the window is closed');
      await stage.tray.act(told.id, 'review');
      await until(() => stage.windows().length === 1, 'Review… brings it up');
      same(stage.decisions().length, 0, 'decisions');
    },
  },
  {
    name: 'an approval in a terminal is notified',
    stage: SETTLED,
    async run(stage) {
      await settled(stage);
      stage.replace(CURSOR, cursor({ files: KNOWN, invoices: NEW }));
      await stage.waitStatus('invoices', 'held');
      same(stage.cli('approve', stage.row('invoices').id, '--this-version').code, 0, 'it is approved');
      const told = await stage.tray.heard((one) => one.title === 'invoices was approved (Cursor)');
      check(told.body.includes('terminal'), told.body);
    },
  },
  {
    name: 'Quit ends the app well',
    stage: SETTLED,
    async run(stage) {
      await settled(stage);
      const ended = new Promise((resolve) => stage.process.once('exit', resolve));
      await stage.tray.choose('Quit');
      same(await ended, 0, 'exit code');
      check(!stage.inventory().guard.running, 'the guard runs on');
    },
  },
  {
    name: 'without a tray host the window opens',
    stage: { files: FIRST },
    async run(stage) {
      same(stage.cli('mode', 'ask').code, 0, 'the first run is over');
      const driver = await stage.drive();
      await driver.sees('No tray here');
    },
  },
];
