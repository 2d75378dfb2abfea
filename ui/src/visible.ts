/** A stretch of foreign text: as it is, or one character that would not be seen, by its code point. */
export type Piece = { text: string } | { chip: string };

/** Code points that hide, steer or imitate a space; the same as in the terminal. */
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x1f], [0x7f, 0xa0], [0xad, 0xad], [0x34f, 0x34f], [0x600, 0x605], [0x61c, 0x61c], [0x6dd, 0x6dd],
  [0x70f, 0x70f], [0x890, 0x891], [0x8e2, 0x8e2], [0x115f, 0x1160], [0x1680, 0x1680], [0x17b4, 0x17b5],
  [0x180b, 0x180f], [0x2000, 0x200f], [0x2028, 0x202f], [0x205f, 0x206f], [0x2800, 0x2800], [0x3000, 0x3000],
  [0x3164, 0x3164], [0xd800, 0xdfff], [0xfe00, 0xfe0f], [0xfeff, 0xfeff], [0xffa0, 0xffa0], [0xfff0, 0xfffb],
  [0x110bd, 0x110bd], [0x110cd, 0x110cd], [0x13430, 0x1343f], [0x1bca0, 0x1bca3], [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/** Tells whether a code point would not be seen, or would steer what is around it. */
export function isHidden(code: number): boolean {
  return HIDDEN.some(([first, last]) => code >= first && code <= last);
}

/** Takes foreign text apart into what is seen and chips for what is not. */
export function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let plain = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (!isHidden(code)) {
      plain += character;
      continue;
    }
    if (plain) out.push({ text: plain });
    plain = "";
    out.push({ chip: `⟦U+${code.toString(16).toUpperCase().padStart(4, "0")}⟧` });
  }
  if (plain) out.push({ text: plain });
  return out;
}

/** Foreign text for places that take no elements: labels and names for screen readers. */
export function visible(text: string): string {
  return pieces(text).map((piece) => ("chip" in piece ? piece.chip : piece.text)).join("");
}
