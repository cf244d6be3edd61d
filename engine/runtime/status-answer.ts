import type {Rule} from './rule.ts';
import {latestFailure, statusMembers} from './rule-status.ts';
import type {BriefStatus} from './rules.ts';

/** What `Rules.status` gives. */
export function statusAnswer(rule: Rule): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = {
    status: rule.state,
    message: rule.message,
    lastStartTimestamp: rule.lastStartAt,
    lastStopTimestamp: rule.lastStopAt,
    nextStartTimestamp: 0,
  };
  for (const node of rule.nodes()) for (const [key, value] of statusMembers(node)) members[key] = value;
  if (rule.warnings.length > 0) members['warnings'] = rule.warnings;
  for (const {stream, subscription} of rule.topology?.sources ?? []) {
    const report = subscription.source.typing?.report();
    if (!report) continue;
    const bad =
      report.badValues.length + report.unknownDevices + report.unknownProperties + report.unresolvedLines > 0 || report.fault !== undefined;
    if (bad) members[`source_${stream}_devices`] = report;
  }
  return members;
}

/** Only the state and the last failure, while the rule runs. */
export function briefStatus({state, topology}: Rule): BriefStatus {
  const failure = state === 'running' && topology ? latestFailure(topology) : undefined;
  return {status: state, last_exception: failure?.text ?? '', exceptions_total: failure?.total ?? 0};
}
