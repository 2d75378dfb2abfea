// What must approve nothing.
import { KEYS } from '../driver.mjs';
import { check, same, stays, until } from '../waiting.mjs';
import { CURSOR, FIRST, KNOWN, NEW, cursor, newCard, openDrawer, pastTheSheet } from './house.mjs';

const held = cursor({ files: KNOWN });

async function opened(stage) {
  const driver = await stage.drive();
  await pastTheSheet(driver);
  return driver;
}

async function nothingApproved(stage) {
  await stays(() => stage.read(CURSOR) === held && stage.decisions().length === 0, 'nothing is approved');
  check(stage.row('invoices').question !== null, 'the question is gone');
}

export default [
  {
    name: 'Approve within 700 ms of the card does nothing',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      // As soon as there is anything to press. A slow machine may come too late: then the card is changed once more.
      let settling = false;
      for (let round = 0; round < 8 && !settling; round += 1) {
        stage.replace(CURSOR, cursor({ files: KNOWN, invoices: { ...NEW, args: [...NEW.args, `--round=${round}`] } }));
        if (round === 0) {
          await driver.press('Approve…');
        } else {
          await until(async () => (await driver.page()).includes(`--round=${round}`), 'the card shows the change');
          if (await driver.hasButton('Approve…')) await driver.press('Approve…');
        }
        settling = (await driver.page()).includes('Just a moment');
      }
      check(settling, 'no press met a card that had just come up');
      await stage.waitStatus('invoices', 'held');
      await nothingApproved(stage);
      await openDrawer(driver);
      // The drawer is another state of the card: its own button waits as well.
      await driver.press('Approve');
      await nothingApproved(stage);
    },
  },
  {
    name: 'Enter never approves',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      await newCard(stage, driver);
      await openDrawer(driver);
      const button = await driver.button('Approve');
      await until(async () => {
        await driver.type(button, KEYS.enter);
        return (await driver.page()).includes('Enter never approves');
      }, 'the card says so');
      await new Promise((resolve) => setTimeout(resolve, 800));
      await driver.type(button, KEYS.enter);
      await nothingApproved(stage);
    },
  },
  {
    name: 'Approve pressed twice decides once',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      await newCard(stage, driver);
      await openDrawer(driver);
      const button = await driver.button('Approve');
      const presses = async () => {
        // Gone after the first that counts, it takes no other.
        for (let press = 0; press < 3; press += 1) await driver.click(button).catch(() => {});
        return until(() => stage.decisions().length > 0, 'a press counts', 1_500).catch(() => false);
      };
      await until(presses, 'a press counts');
      await stage.waitStatus('invoices', 'approved');
      await stays(() => stage.decisions().length === 1, 'one decision');
    },
  },
  {
    name: 'an entry that changed after the card was drawn is not approved',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      await newCard(stage, driver);
      await openDrawer(driver);
      const button = await driver.button('Approve');
      // The press is right behind the save: the window cannot have drawn it yet.
      await new Promise((resolve) => setTimeout(resolve, 800));
      const other = { ...NEW, args: ['-y', 'invoices-mcp@6.6.6'] };
      stage.replace(CURSOR, cursor({ files: KNOWN, invoices: other }));
      await driver.click(button).catch(() => {});
      await driver.sees('It changed while it was shown');
      await driver.sees('invoices-mcp@6.6.6');
      await until(() => stage.read(CURSOR) === held, 'the new state is held');
      await nothingApproved(stage);
    },
  },
  {
    name: 'a window that a program drives approves no more than a terminal may',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await opened(stage);
      same(stage.cli('cli-approvals', 'never').code, 0, 'the setting is taken');
      await driver.sees('A program can press the buttons of this window');
      await newCard(stage, driver);
      await openDrawer(driver);
      await driver.pressUntil(
        'Approve',
        async () => (await driver.page()).includes('Approvals from a terminal are switched off'),
        'the window says why not',
      );
      await nothingApproved(stage);
    },
  },
  {
    name: 'below a client a driven window approves nothing',
    stage: { files: FIRST },
    async run(stage) {
      const driver = await stage.driveBelow('claude');
      await pastTheSheet(driver);
      await newCard(stage, driver);
      await openDrawer(driver);
      await driver.pressUntil(
        'Approve',
        async () => (await driver.page()).includes('this answer needs a person'),
        'the window says why not',
      );
      await nothingApproved(stage);
    },
  },
];
