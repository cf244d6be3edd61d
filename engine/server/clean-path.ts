/** Where a path with empty or dot segments redirects to, query included; undefined for a path that is clean. */
export function cleanPath(url: string): string | undefined {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  if (!/\/\/|\/\.{1,2}(?:\/|$)/.test(path)) return undefined;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const clean = `/${segments.join('/')}${path.endsWith('/') && segments.length > 0 ? '/' : ''}`;
  return clean + (end === -1 ? '' : url.slice(end));
}
