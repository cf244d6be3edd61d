const isColoured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

function paint(code: number, text: string): string {
  return isColoured ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** Who speaks on a line of the demo, each in a colour of its own. */
const speakers = {demo: 37, engine: 34, runner: 35, device: 90, alarm: 31, average: 32, plant: 36, http: 33} as const;

export type Speaker = keyof typeof speakers;

/** One line: time, speaker, text. Control characters from messages are shown, not obeyed. */
export function say(speaker: Speaker, text: string): void {
  const time = new Date().toTimeString().slice(0, 8);
  const safe = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '·');
  process.stdout.write(`${paint(90, time)}  ${paint(speakers[speaker], speaker.padEnd(8))} ${safe}\n`);
}
