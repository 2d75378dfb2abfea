import { KEYS } from '../driver.mjs';
import { check, same, stays, until } from '../waiting.mjs';
import { CODE, CURSOR, FIRST, KNOWN, NEW, approve, cursor, newCard, pastTheSheet } from './house.mjs';

const held = cursor({ files: KNOWN });

async function opened(stage) {
  const driver = await stage.drive();
  await pastTheSheet(driver);
  return driver;
}

async function approvesAfterSaving(stage, save) {
  const driver = await opened(stage);
  const text = await newCard(stage, driver, save);
  same(stage.read(CURSOR), held, 'the entry is out of the file');
  await approve(stage, driver);
  await stage.waitStatus('invoices', 'approved');
  same(stage.read(CURSOR), text, 'the file is what was saved, byte for byte');
  same(stage.decisions().length, 1, 'decisions');
}

export default [
  { name: 'a new entry saved by rename is held, and approved byte for byte', stage: { files: FIRST }, run: (stage) => approvesAfterSaving(stage, 'replace') },
  { name: 'a new entry saved in place is held, and approved byte for byte', stage: { files: FIRST }, run: (stage) => approvesAfterSaving(stage, 'write') },
  {
    name: 'Keep held is the default and a decision',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      await newCard(stage, driver);
      await driver.key(KEYS.enter);
      await until(() => stage.row('invoices').question === null, 'the question is answered');
      same(stage.row('invoices').why, 'kept-held', 'why');
      same(stage.read(CURSOR), held, 'the entry stays out');
    },
  },
  {
    name: 'Esc decides nothing and closes; the question stays',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      await newCard(stage, driver);
      await driver.key(KEYS.escape);
      await until(() => stage.windows().length === 0, 'the window is closed');
      check(stage.row('invoices').question !== null, 'the question is gone');
      same(stage.decisions().length, 0, 'decisions');
      await stays(() => stage.windows().length === 0, 'the window does not come up by itself', 1_500);
      same(stage.read(CURSOR), held, 'the entry stays out');
    },
  },
  {
    name: 'Remove keeps it out wherever the launch appears',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      await newCard(stage, driver);
      await driver.press('Remove…');
      await driver.pressUntil('Remove', () => stage.row('invoices').status === 'denied', 'it is removed');
      same(stage.read(CURSOR), held, 'the entry stays out');
      stage.write(CODE, JSON.stringify({ servers: { other: NEW } }));
      await until(() => !stage.read(CODE).includes('invoices-mcp'), 'the same launch is held elsewhere');
      same(stage.row('other').question, null, 'nothing is asked');
    },
  },
  {
    name: 'a changed command: Keep the approved one writes it back',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      const text = await newCard(stage, driver);
      await approve(stage, driver);
      await stage.waitStatus('invoices', 'approved');
      const changed = cursor({ files: KNOWN, invoices: { ...NEW, args: ['-y', 'invoices-mcp@2.0.2'] } });
      stage.replace(CURSOR, changed);
      await driver.press('Keep the approved one');
      await until(() => stage.read(CURSOR) !== held && stage.row('invoices').status === 'approved', 'it is written back');
      same(JSON.parse(stage.read(CURSOR)).mcpServers.invoices.args[1], 'invoices-mcp@2.0.1', 'what runs');
      same(Object.keys(JSON.parse(stage.read(CURSOR))).join(), 'mcpServers,other', 'the rest of the file');
      check(text.length > 0, 'a text was saved');
    },
  },
  {
    name: 'a waiting question outlives a restart and brings the window up',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      const text = await newCard(stage, driver);
      await stage.quit();
      const after = await stage.drive();
      await after.sees('invoices was added to Cursor');
      await approve(stage, after);
      await stage.waitStatus('invoices', 'approved');
      same(stage.read(CURSOR), text, 'the file is what was saved');
    },
  },
  {
    name: 'Undo gives the question back',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      await newCard(stage, driver);
      await approve(stage, driver);
      await stage.waitStatus('invoices', 'approved');
      await driver.press('Undo (30 s)');
      await until(() => stage.row('invoices').question !== null, 'it is asked again');
      await until(() => stage.read(CURSOR) === held, 'it is held again');
    },
  },
  {
    name: 'an approval in a terminal shows up with Undo',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      await newCard(stage, driver);
      const approved = stage.cli('approve', stage.row('invoices').id, '--this-version');
      same(approved.code, 0, `the terminal approves: ${approved.err}`);
      await driver.sees('Approved in a terminal: invoices');
      await driver.press('Undo (30 s)');
      await until(() => stage.read(CURSOR) === held, 'it is held again');
    },
  },
  {
    name: 'the same launch in two clients is one card and one decision',
    stage: { files: { ...FIRST, [CODE]: '{"servers":{}}\n' } },
    async run(stage) {
      const driver = await opened(stage);
      stage.write(CODE, `${JSON.stringify({ servers: { invoices: NEW } })}\n`);
      const text = cursor({ files: KNOWN, invoices: NEW });
      stage.replace(CURSOR, text);
      await until(() => stage.inventory().connectors.filter((row) => row.name === 'invoices' && row.status === 'held').length === 2, 'both are held');
      await driver.sees('Visual Studio Code and Cursor');
      await approve(stage, driver);
      await until(() => stage.read(CURSOR) === text && stage.read(CODE).includes('invoices-mcp'), 'both are back');
      same(stage.decisions().length, 1, 'decisions');
    },
  },
];
