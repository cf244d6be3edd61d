import type {HealthReport} from '#runner/reconcile/health-watch.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import {countRules, type Situation} from './status.ts';

/** What `/readyz` answers. */
export interface Verdict {
  readonly isReady: boolean;
  /** Lines for people. */
  readonly text: string;
}

export interface Readiness {
  pass(report: PassReport): void;
  look(health: HealthReport | undefined): void;
  verdict(situation: Situation | undefined): Verdict;
}

const mostReasons = 20;

/**
 * Ready once a pass has got through (`rules`: and all rules were well at a look after it), and from then on: a broker that is away for an
 * hour must not take the engine beside the runner out of its Service. How the rules do at this moment is in the text.
 */
export function readiness(needs: 'pass' | 'rules'): Readiness {
  let hasPassed = false;
  let wasWell = false;
  return {
    pass({problem}) {
      hasPassed ||= problem === undefined;
    },
    look(health) {
      wasWell ||= hasPassed && health !== undefined && countRules(health).unhealthy === 0;
    },
    verdict(situation) {
      const isReady = hasPassed && (needs === 'pass' || wasWell);
      const head = isReady ? 'ok' : hasPassed ? 'rules are not well yet' : (situation?.pass.problem ?? 'no pass has got through yet');
      return {isReady, text: [head, ...ruleLines(situation)].join('\n')};
    },
  };
}

function ruleLines(situation: Situation | undefined): readonly string[] {
  const {healthy, unhealthy} = countRules(situation?.health);
  if (unhealthy === 0) return [];
  const lines: string[] = [];
  for (const [rule, {reasons}] of situation!.health!.rules) {
    if (reasons.length > 0 && lines.push(`rule ${rule}: ${reasons[0]!.text}`) === mostReasons) break;
  }
  const more = unhealthy - lines.length;
  return [`${unhealthy} of ${healthy + unhealthy} rules are not well`, ...lines, ...(more > 0 ? [`and ${more} more`] : [])];
}
