import {CronJob, validateCronExpression} from 'cron';

/** Calls `due` at the times of a cron expression: five fields, or six with seconds first. Throws an Error when it is none. */
export function runOnSchedule(expression: string, timezone: string, due: () => void): {stop(): void} {
  const {valid, error} = validateCronExpression(expression);
  if (!valid) throw new Error(`schedule: "${expression}" is not a cron expression: ${error?.message ?? 'unknown field'}`);
  const job = CronJob.from({cronTime: expression, onTick: due, start: true, ...(timezone === '' ? {} : {timeZone: timezone})});
  return {stop: () => void job.stop()};
}
