/**
 * Puts `text` on the clipboard and tells whether it is there.
 *
 * Where the page is given no clipboard, what `shown` holds is selected and copied the old way. That may be
 * refused as well; then it stays selected, ready for the keys.
 */
export async function copy(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    // Not there where the page counts as insecure.
    const clipboard: Clipboard | undefined = navigator.clipboard;
    if (clipboard) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused: the selection is tried next.
  }
  const selection = getSelection();
  selection?.selectAllChildren(shown);
  if (!document.execCommand("copy")) return false;
  selection?.removeAllRanges();
  return true;
}
