// What the cases have in common: entries, files and the way to a card.
export const CURSOR = '.cursor/mcp.json';
export const CODE = '.config/Code/User/mcp.json';

export const KNOWN = { command: 'npx', args: ['-y', '@acme/files@1.2.0', '/srv/notes'] };
export const NEW = { command: 'npx', args: ['-y', 'invoices-mcp@2.0.1'], env: { INVOICES_REGION: 'eu' } };

/** A file of Cursor's, laid out the way a person writes it: with its own indentation and members beside. */
export function cursor(entries) {
  const lines = Object.entries(entries).map(([name, entry]) => `    ${JSON.stringify(name)}:   ${JSON.stringify(entry)}`);
  return `{\n  "mcpServers": {\n${lines.join(',\n')}\n  },\n  "other":  [1,  2]\n}\n`;
}

export const FIRST = { [CURSOR]: cursor({ files: KNOWN }) };

/** Goes through the sheet of the first run, leaving everything as it is. */
export async function pastTheSheet(driver) {
  await driver.press('Leave all unreviewed');
  await driver.sees('Connectors');
}

/** Adds an entry, waits until it is held and its card is shown. */
export async function newCard(stage, driver, save = 'replace', entry = NEW, name = 'invoices') {
  const text = cursor({ files: KNOWN, [name]: entry });
  stage[save](CURSOR, text);
  await driver.sees(`${name} was added to Cursor`);
  await stage.waitStatus(name, 'held');
  return text;
}

/** Opens the drawer of approval, once the card takes it. */
export function openDrawer(driver) {
  return driver.pressUntil('Approve…', () => driver.hasButton('Approve'), 'the drawer opens');
}

/** Approves what the card shows, as offered first. */
export async function approve(stage, driver) {
  await openDrawer(driver);
  const before = stage.decisions().length;
  await driver.pressUntil('Approve', () => stage.decisions().length > before, 'the approval is taken');
}
