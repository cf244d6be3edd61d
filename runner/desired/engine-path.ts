/** A command's URL that may not be sent; the message says why. */
export class EnginePathError extends Error {}

/**
 * Checks that `url` is a path of the engine's REST address and stays one. Files are hostile: `@host/x`, `//host`, `http://host`, `/../x`
 * and their encoded forms would carry a request, with the engine's token in it, elsewhere.
 *
 * Returns path segments (decoded, without the query).
 */
export function readEnginePath(url: string): readonly string[] {
  if (!url.startsWith('/')) throw new EnginePathError(`${JSON.stringify(url)} must be a path on the engine and begin with "/"`);
  if (/[\u0000-\u0020\u007f-\uffff\\#<>"^`{|}]/.test(url)) {
    throw new EnginePathError(`${JSON.stringify(url)} holds a character that no URL may hold as it is; encode it as %XX`);
  }
  const [path, query] = splitOnce(url, '?');
  // `/` alone is the engine's root; otherwise an empty segment is a second host or a redirect.
  if (path.includes('//')) throw new EnginePathError(`${JSON.stringify(url)} must not hold "//"`);
  const segments = path
    .split('/')
    .slice(1)
    .map(segment => decodeSegment(segment, url));
  if (query !== undefined) decode(query, url);
  return segments.length === 1 && segments[0] === '' ? [] : segments;
}

function decode(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new EnginePathError(`${JSON.stringify(url)} holds a broken %-code`);
  }
}

function decodeSegment(segment: string, url: string): string {
  const decoded = decode(segment, url);
  // Some servers decode twice: what a second decoding would turn into a separator is refused too.
  if (/[\u0000-\u001f/\\]|%(?:2e|2f|5c|00|25)/i.test(decoded))
    throw new EnginePathError(`${JSON.stringify(url)} hides a separator behind a %-code`);
  if (decoded === '..' || decoded === '.') throw new EnginePathError(`${JSON.stringify(url)} must not hold "." or ".." segments`);
  return decoded;
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
