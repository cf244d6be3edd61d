import {BlockList, isIP} from 'node:net';
import {ConnectorError} from './errors.ts';

/** Where clouds serve credentials to whoever asks from inside a machine. */
const metadata = blockList(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200']);
const metadataNames = ['metadata.google.internal', 'metadata.goog', 'metadata', 'instance-data'];

/** Loopback, private, link-local, carrier-grade NAT, unique local and unspecified addresses. */
const privateRanges = blockList([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::/128',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
]);

/**
 * The check of outgoing requests: takes a URL, `host:port`, host name or address and throws a ConnectorError for a target that rules may not
 * reach. Names are checked as written, so a connector also passes each address that a name resolves to, before it connects.
 */
export function targetGuard({allowPrivate}: {allowPrivate: boolean}): (target: string) => void {
  return target => {
    const host = hostOf(target);
    const family = isIP(host);
    if (family === 0 ? metadataNames.includes(host) : isIn(metadata, host)) {
      throw new ConnectorError(`requests to "${host}" are refused: cloud metadata services hand out credentials`, {retry: false});
    }
    if (allowPrivate) return;
    if (family === 0 ? host === 'localhost' || host.endsWith('.localhost') : isIn(privateRanges, host)) {
      throw new ConnectorError(`requests to "${host}" are refused: it is a private address`, {
        retry: false,
        hint: 'Set enablePrivateNet: true in the section basic of etc/kuiper.yaml to allow private addresses.',
      });
    }
  };
}

/** The host in lower case, without brackets and final dot; IPv4 in any notation (`2852039166`, `0xa9fea9fe`) as dotted decimals. */
function hostOf(target: string): string {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(target)
    ? target.replace(/^[a-z0-9+.-]+:/i, 'http:')
    : `http://${isIP(target) === 6 ? `[${target}]` : target}`;
  if (!URL.canParse(url)) throw new ConnectorError(`"${target}" is not an address`, {retry: false});
  return new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isIn(list: BlockList, address: string): boolean {
  const embedded = embeddedIpv4(address);
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') || (embedded !== undefined && list.check(embedded, 'ipv4'));
}

/** The IPv4 address inside a mapped (`::ffff:a9fe:a9fe`), compatible, NAT64 (`64:ff9b::`) or 6to4 (`2002::`) address. */
function embeddedIpv4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const groups = expand(address);
  const tail = groups.slice(0, 6).join(':');
  const isTail = ['0:0:0:0:0:ffff', '0:0:0:0:0:0', '0:0:0:0:ffff:0', '64:ff9b:0:0:0:0'].includes(tail);
  const [high, low] = isTail ? groups.slice(6) : groups[0] === '2002' ? groups.slice(1, 3) : [];
  if (high === undefined || low === undefined) return undefined;
  const bits = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return bits.flatMap(word => [word >> 8, word & 255]).join('.');
}

/** The eight groups without leading zeros. */
function expand(address: string): string[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : address;
  const [head = '', tail] = text.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(0, missing)).fill('0'), ...after].map(group => Number.parseInt(group, 16).toString(16));
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
