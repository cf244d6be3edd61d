import {CountWindow} from '#engine/operators/count-window.ts';
import {HoppingWindow} from '#engine/operators/hopping-window.ts';
import type {Batch, Operator, WatermarkListener} from '#engine/operators/operator.ts';
import type {RowSpan} from '#engine/operators/row-span.ts';
import {SessionWindow} from '#engine/operators/session-window.ts';
import {SlidingCountWindow} from '#engine/operators/sliding-count-window.ts';
import {SlidingWindow} from '#engine/operators/sliding-window.ts';
import {SlidingWindowTwice} from '#engine/operators/sliding-window-twice.ts';
import {StateWindow} from '#engine/operators/state-window.ts';
import {TumblingWindow} from '#engine/operators/tumbling-window.ts';
import {windowLengthMs} from '#engine/operators/window-alignment.ts';
import type {SlidingContents, WindowContents} from '#engine/operators/window-contents.ts';
import type {WindowNode} from '#engine/planner/plan.ts';
import type {NodeMetrics, PipelineEnvironment} from './pipeline.ts';
import {compileRowKey, compileRowTest} from './row-test-code.ts';
import type {RuleFacts} from './rule-facts.ts';

/** Makes what a window holds. */
export interface ContentsFactory {
  /** Each row is in one window. */
  disjoint(): WindowContents;
  /** Windows overlap, and begin and end where the window cuts. */
  sliding(): SlidingContents;
  /** Windows overlap and begin at any row; few rows fire. */
  rare(): SlidingContents;
  /** Windows overlap and their rows are asked for by time. */
  span(): RowSpan;
}

/** A window at work; those of time follow the watermark in event time. */
export type WindowOperator = Operator<Batch> & Partial<WatermarkListener>;

/** Makes the operator of a window: the one switch over their kinds. */
export function windowOperator(
  {window, isEventTime = false}: WindowNode,
  contents: ContentsFactory,
  counters: NodeMetrics,
  {facts, environment}: {readonly facts: RuleFacts; readonly environment: PipelineEnvironment},
): WindowOperator {
  const common = {clock: environment.clock, timeZone: environment.timeZone, isEventTime, counters};
  switch (window.kind) {
    case 'tumbling':
      return new TumblingWindow({...window, ...common, ruleStartMs: environment.ruleStartMs, contents: contents.disjoint()});
    case 'hopping':
      return new HoppingWindow({...window, ...common, contents: contents.sliding()});
    case 'sliding': {
      const {unit, length, delay, when, isLeftExclusive, sendsTwice} = window;
      const triggers = when && compileRowTest(when, facts);
      const times = {lengthMs: windowLengthMs(unit, length), delayMs: windowLengthMs(unit, delay), triggers};
      return sendsTwice
        ? new SlidingWindowTwice({...times, ...common, contents: contents.span()})
        : new SlidingWindow({...times, ...common, isLeftExclusive, contents: when === undefined ? contents.sliding() : contents.rare()});
    }
    case 'session':
      return new SessionWindow({...window, ...common, contents: contents.disjoint()});
    case 'count':
      return window.interval < window.length
        ? new SlidingCountWindow({...window, counters, contents: contents.sliding()})
        : new CountWindow({length: window.length, counters, contents: contents.disjoint()});
    case 'state':
      return new StateWindow({
        begin: compileRowTest(window.begin, facts),
        emit: window.emit && compileRowTest(window.emit, facts),
        partition: compileRowKey(window.partitionBy, facts),
        createContents: () => contents.disjoint(),
        counters,
      });
  }
}
