const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** The nanoseconds of a duration as Go writes it (`-1h30m`, `1.5s`); undefined when it is none. */
export function parseGoDuration(text: string): bigint | undefined {
  if (/^[+-]?0$/.test(text)) return 0n;
  if (text.length > 200 || !/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  let sum = 0n;
  for (const [, number, unit] of text.matchAll(/([\d.]+)([a-zµμ]+)/g)) {
    const [whole, fraction = ''] = number!.split('.');
    sum += (BigInt(`${whole}${fraction}`) * units[unit!]!) / 10n ** BigInt(fraction.length);
  }
  if (BigInt.asIntN(64, sum) !== sum) return undefined;
  return text.startsWith('-') ? -sum : sum;
}

/** Nanoseconds as Go writes a duration: `1h0m5.5s`, `12ms`, `0s`. */
export function goDurationText(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size === 0n) return '0s';
  if (size < units['us']!) return `${sign}${size}ns`;
  if (size < units['ms']!) return `${sign}${fixed(size, 3)}µs`;
  if (size < units['s']!) return `${sign}${fixed(size, 6)}ms`;
  const hours = size / units['h']!;
  const minutes = (size / units['m']!) % 60n;
  const seconds = `${fixed(size % units['m']!, 9)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return sign + (minutes > 0n ? `${minutes}m` : '') + seconds;
}

/** `size` × 10^−`places` without zeros at its end. */
function fixed(size: bigint, places: number): string {
  const digits = size.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}
