import type {Logger} from '#engine/base/logger.ts';
import type {HealthReport} from '#runner/reconcile/health-watch.ts';
import {troubleOf} from '#runner/reconcile/rule-health.ts';

/** Of one look; when a broker goes away thousands of rules may be unwell at once. */
const mostLines = 20;

/** One line for each rule that is not well any more, that ails otherwise, or that is well again. Figures that change are not repeated. */
export class HealthLog {
  readonly #log: Logger;
  #troubles = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  look({rules}: HealthReport): void {
    const troubles = new Map<string, string>();
    const lines: (() => void)[] = [];
    for (const [rule, health] of rules) {
      const trouble = troubleOf(health);
      const before = this.#troubles.get(rule) ?? '';
      if (trouble !== '') troubles.set(rule, trouble);
      if (trouble === before) continue;
      if (trouble === '') lines.push(() => this.#log.info(`rule ${rule} is well again`));
      else lines.push(() => this.#log.warn(`rule ${rule} is not well`, {reasons: health.reasons.map(({text}) => text)}));
    }
    for (const write of lines.slice(0, mostLines)) write();
    if (lines.length > mostLines)
      this.#log.warn('more rules changed their health', {rules: lines.length - mostLines, unhealthy: troubles.size});
    this.#troubles = troubles;
  }
}
