/** The filters of a comma separated list, without blanks around them; empty entries are left out. */
export function splitFilters(datasource: string): string[] {
  return datasource
    .split(',')
    .map(filter => filter.trim())
    .filter(filter => filter !== '');
}

/** What is wrong with an MQTT topic filter (MQTT 4.7), or undefined. `$share/<group>/<filter>` is a filter too. */
export function checkFilter(filter: string): string | undefined {
  const {group, pattern} = splitShare(filter);
  if (filter.startsWith('$share/') && (group === '' || pattern === '' || /[+#]/.test(group ?? '')))
    return `topic filter "${filter}" is not a shared subscription, expected "$share/<group>/<filter>"`;
  if (filter === '') return 'the topic filter is empty';
  if (filter.includes('\0')) return `topic filter "${filter.replaceAll('\0', '\\0')}" holds a null character`;
  if (Buffer.byteLength(filter) > 65_535) return 'the topic filter is longer than 65535 bytes';
  const levels = pattern.split('/');
  for (const [i, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || i < levels.length - 1))
      return `topic filter "${filter}": "#" must be the last level and stand alone`;
    if (level.includes('+') && level !== '+') return `topic filter "${filter}": "+" must stand alone between slashes`;
  }
  return undefined;
}

/** Parts a shared subscription's group from the filter that topics match. */
export function splitShare(filter: string): {readonly group: string | undefined; readonly pattern: string} {
  if (!filter.startsWith('$share/')) return {group: undefined, pattern: filter};
  const slash = filter.indexOf('/', 7);
  return slash < 0 ? {group: filter.slice(7), pattern: ''} : {group: filter.slice(7, slash), pattern: filter.slice(slash + 1)};
}
