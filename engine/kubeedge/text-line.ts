/** `time is 2026-08-06 14:58:26  <topic>: <value>`, what `pushMethod.mqtt` of KubeEdge's mapper-framework publishes. */
export interface TextLine {
  /** The time in the mapper's local zone, taken as that of this process: ms. */
  readonly atEpochMs: number;
  /** Everything after the time. */
  readonly rest: string;
}

const opening = new TextEncoder().encode('time is ');
/** No property's value is longer; DeviceTwin allows 512. */
const maxBytes = 64 * 1024;
const decoder = new TextDecoder();

/** undefined for any other payload; looks at one byte of most. */
export function readTextLine(payload: Uint8Array): TextLine | undefined {
  if (payload[0] !== opening[0] || payload.length > maxBytes) return undefined;
  for (let i = 1; i < opening.length; i++) if (payload[i] !== opening[i]) return undefined;
  const match = /^time is (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) {2}(.*)$/s.exec(decoder.decode(payload));
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, rest] = match;
  const at = new Date(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return {atEpochMs: at.getTime(), rest: rest!};
}

/** The value of a line that names `topic`; undefined when it names another. */
export function valueOfLine(line: TextLine, topic: string): string | undefined {
  const start = `${topic}: `;
  return line.rest.startsWith(start) ? line.rest.slice(start.length) : undefined;
}
