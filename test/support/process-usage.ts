import {readFileSync} from 'node:fs';

/** CPU time of a process so far, user and system, in ms. Linux. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory of a process now and at its highest, and the part that is its own rather than a file's, in MB. Linux. */
export function memoryOf(pid: number): {readonly residentMb: number; readonly peakMb: number; readonly ownMb: number} {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1024);
  return {residentMb: mb('VmRSS'), peakMb: mb('VmHWM'), ownMb: mb('RssAnon')};
}
