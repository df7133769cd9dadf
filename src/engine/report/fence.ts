/**
 * Marks text that came from the database, which may have been written to mislead an agent. The word in the marks is
 * new for every answer, so that no stored text can close the fence.
 */
export interface Fence {
  readonly begin: string;
  readonly end: string;
  /** The text between the marks. */
  readonly wrap: (text: string) => string;
  /** A name as it is where it can only be a name, else between the marks. */
  readonly wrapName: (name: string) => string;
}

/** Long enough for what a message needs, short enough to keep an error below 4 KB. */
const longestText = 1500;

/** A name, and behind it perhaps a program's version: nothing that could read as a sentence. */
const plainName = /^[A-Za-z0-9_.-]{1,100}( v?[0-9][0-9A-Za-z.+-]{0,30})?$/;

export function createFence(nonce: string): Fence {
  const begin = `<untrusted-${nonce}>`;
  const end = `</untrusted-${nonce}>`;
  const wrap = (text: string) => `${begin}${shorten(text)}${end}`;
  return { begin, end, wrap, wrapName: (name) => (plainName.test(name) ? name : wrap(name)) };
}

function shorten(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}… (${text.length} characters)`;
}
