import {FixedOffsetZone, IANAZone, type Zone} from 'luxon';

/** What is asked of a zone at an instant. */
export interface ZoneFacts {
  /** Minutes east of UTC. */
  offsetAt(epochMs: number): number;
  /** `UTC`, `CST`; `+0530` where the zone has no name. */
  abbreviationAt(epochMs: number): string;
}

const known = new Map<string, ZoneFacts | undefined>();

/** The facts of a zone by IANA name (`Asia/Shanghai`), `UTC` or fixed offset (`+05:30`); undefined when there is no such zone. */
export function zoneFacts(name: string): ZoneFacts | undefined {
  if (!known.has(name)) {
    // Names come from rows too (convert_tz): the table must not grow with them.
    if (known.size > 1000) known.clear();
    known.set(name, resolve(name));
  }
  return known.get(name);
}

function resolve(name: string): ZoneFacts | undefined {
  if (name === 'UTC' || name === 'Z') return {offsetAt: () => 0, abbreviationAt: () => 'UTC'};
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(name);
  if (offset) {
    const minutes = (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
    return facts(FixedOffsetZone.instance(minutes), () => `${offset[1]}${offset[2]}${offset[3]}`);
  }
  if (name === '' || !IANAZone.isValidZone(name)) return undefined;
  const zone = IANAZone.create(name);
  return facts(zone, epochMs => abbreviation(zone, epochMs));
}

function facts(zone: Zone, abbreviationAt: (epochMs: number) => string): ZoneFacts {
  return {offsetAt: epochMs => zone.offset(epochMs), abbreviationAt};
}

/** The letters ICU knows, `+08` for zones that have none: as Go prints the tz database's own. */
function abbreviation(zone: Zone, epochMs: number): string {
  const name = zone.offsetName(epochMs, {format: 'short', locale: 'en-US'}) ?? '';
  if (/^[A-Z]{2,5}$/.test(name)) return name;
  const minutes = zone.offset(epochMs);
  const size = Math.abs(minutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  const rest = size % 60 === 0 ? '' : String(size % 60).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${hours}${rest}`;
}

/** The instant at which a zone's clock shows what UTC's shows at `wallMs`; in a gap or overlap, one of the two candidates. */
export function instantOfWallClock(wallMs: number, zone: ZoneFacts): number {
  const guess = wallMs - zone.offsetAt(wallMs) * 60_000;
  return wallMs - zone.offsetAt(guess) * 60_000;
}
