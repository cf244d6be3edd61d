/**
 * Calls `due` at the times of a cron expression: five fields, or six with seconds first. Rejects with an Error when it is none. The package
 * and its time zones are loaded only where a schedule is set.
 */
export async function runOnSchedule(expression: string, timezone: string, due: () => void): Promise<{stop(): void}> {
  const {CronJob, validateCronExpression} = await import('cron');
  const {valid, error} = validateCronExpression(expression);
  if (!valid) throw new Error(`schedule: "${expression}" is not a cron expression: ${error?.message ?? 'unknown field'}`);
  const job = CronJob.from({cronTime: expression, onTick: due, start: true, ...(timezone === '' ? {} : {timeZone: timezone})});
  return {stop: () => void job.stop()};
}
