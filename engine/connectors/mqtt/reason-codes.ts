/** Reason codes of refusals: MQTT 5 §2.4; 0x80 is also the failure of 3.1.1. */
const reasons: ReadonlyMap<number, string> = new Map([
  [0x80, 'refused (the broker gives no reason; usually its access rules)'],
  [0x81, 'malformed packet'],
  [0x82, 'protocol error'],
  [0x83, 'implementation specific error'],
  [0x87, 'not authorized'],
  [0x89, 'server busy'],
  [0x8b, 'server shutting down'],
  [0x8d, 'keep alive timeout'],
  [0x8e, 'another client connected with the same client id'],
  [0x8f, 'topic filter invalid'],
  [0x90, 'topic name invalid'],
  [0x91, 'packet identifier in use'],
  [0x93, 'receive maximum exceeded'],
  [0x95, 'packet too large'],
  [0x96, 'message rate too high'],
  [0x97, 'quota exceeded'],
  [0x98, 'administrative action'],
  [0x99, 'payload format invalid'],
  [0x9b, 'qos not supported'],
  [0x9c, 'use another server'],
  [0x9d, 'server moved'],
  [0x9e, 'shared subscriptions not supported'],
  [0xa2, 'wildcard subscriptions not supported'],
]);

/** The reason code in words. */
export function refusalOf(code: number): string {
  return reasons.get(code) ?? `reason code 0x${code.toString(16).padStart(2, '0')}`;
}
