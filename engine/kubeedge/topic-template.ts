import {ArrokothError, errorCode} from '#engine/base/errors.ts';

/** Where a topic names its device. */
export interface DevicePlace {
  readonly device: string;
  readonly namespace: string | undefined;
}

/** What a topic filter leaves open of device and namespace: undefined is anything. */
export interface DevicePattern {
  readonly device: string | undefined;
  readonly namespace: string | undefined;
}

type Segment =
  | {readonly kind: 'literal'; readonly text: string}
  | {readonly kind: 'any'}
  | {readonly kind: 'device' | 'namespace'; readonly prefix: string; readonly suffix: string};

/**
 * The shape of a device's topics: `$hw/events/device/{namespace}/{device}/twin/update`. `+` stands for any one segment, a final `#` for
 * any number; `{device}` and `{namespace}` may have text around them but not a `/` in them.
 */
export class TopicTemplate {
  readonly text: string;
  /** Fits many topics that are not of devices: counts only where the device is a known one. */
  readonly isGuess: boolean;
  readonly #segments: readonly Segment[];
  readonly #open: boolean;

  constructor(text: string, {isGuess = false}: {isGuess?: boolean} = {}) {
    this.text = text;
    this.isGuess = isGuess;
    const parts = text.split('/');
    this.#open = parts.at(-1) === '#';
    this.#segments = (this.#open ? parts.slice(0, -1) : parts).map(part => readSegment(part, text));
    const devices = this.#segments.filter(segment => segment.kind === 'device').length;
    const namespaces = this.#segments.filter(segment => segment.kind === 'namespace').length;
    if (devices !== 1 || namespaces > 1) throw refused(text, 'expected {device} once and {namespace} at most once');
  }

  /** The device of a topic given as its segments; undefined when the topic is of another shape. */
  match(topic: readonly string[]): DevicePlace | undefined {
    const segments = this.#segments;
    if (this.#open ? topic.length < segments.length : topic.length !== segments.length) return undefined;
    let device = '';
    let namespace: string | undefined;
    for (let i = 0; i < segments.length; i++) {
      const segment = segments[i]!;
      const part = topic[i]!;
      if (segment.kind === 'any') continue;
      if (segment.kind === 'literal') {
        if (segment.text !== part) return undefined;
        continue;
      }
      const name = between(part, segment.prefix, segment.suffix);
      if (name === undefined) return undefined;
      if (segment.kind === 'device') device = name;
      else namespace = name;
    }
    return {device, namespace};
  }

  /** What devices a topic filter can reach through this template; undefined when no topic fits both. */
  reach(filter: readonly string[]): DevicePattern | undefined {
    const first = this.#segments[0];
    // MQTT 3.1.1 §4.7.2: a leading wildcard does not match topics that begin with `$`.
    const isWild = filter[0] === '#' || filter[0] === '+';
    if (isWild && first?.kind === 'literal' && first.text.startsWith('$')) return undefined;
    let device: string | undefined;
    let namespace: string | undefined;
    for (let i = 0; i < this.#segments.length; i++) {
      const segment = this.#segments[i]!;
      const part = filter[i];
      if (part === '#') return {device, namespace};
      if (part === undefined) return undefined;
      if (part === '+' || segment.kind === 'any') continue;
      if (segment.kind === 'literal') {
        if (segment.text !== part) return undefined;
        continue;
      }
      const name = between(part, segment.prefix, segment.suffix);
      if (name === undefined) return undefined;
      if (segment.kind === 'device') device = name;
      else namespace = name;
    }
    const isLonger = filter.length > this.#segments.length && filter[this.#segments.length] !== '#';
    return isLonger && !this.#open ? undefined : {device, namespace};
  }
}

function readSegment(part: string, template: string): Segment {
  if (part === '+') return {kind: 'any'};
  const placeholder = /^([^{}]*)\{(device|namespace)\}([^{}]*)$/i.exec(part);
  if (placeholder) {
    const [, prefix, kind, suffix] = placeholder;
    return {kind: kind!.toLowerCase() as 'device' | 'namespace', prefix: prefix!, suffix: suffix!};
  }
  if (/[{}]/.test(part)) throw refused(template, `"${part}" is neither {device} nor {namespace}`);
  if (/[+#]/.test(part)) throw refused(template, '"+" stands alone between slashes and "#" at the end');
  return {kind: 'literal', text: part};
}

/** What stands between prefix and suffix; undefined when that is nothing. */
function between(part: string, prefix: string, suffix: string): string | undefined {
  if (part.length <= prefix.length + suffix.length || !part.startsWith(prefix) || !part.endsWith(suffix)) return undefined;
  return part.slice(prefix.length, part.length - suffix.length);
}

function refused(template: string, why: string): ArrokothError {
  return new ArrokothError(`kubeedgeTopicTemplates: "${template}": ${why}`, {
    code: errorCode.configuration,
    hint: 'A template looks like "$hw/events/device/{namespace}/{device}/twin/update".',
  });
}
