import type {RequestFailure} from '#runner/observed/engine-request.ts';

/**
 * What a result calls for. `done`: nothing more. `again`: the same request later, each time later. `away`: the pass ends, and the next one waits
 * for the engine. `settle`: a look at whether it is there, or gone, by now; otherwise other content.
 */
export type Verdict = 'done' | 'again' | 'away' | 'settle';

/** A status, or why there is none. */
export type Result = number | RequestFailure['reason'];

interface RetryRow {
  readonly what: string;
  fits(result: Result): boolean;
  readonly verdict: Verdict;
  readonly consequence: string;
}

const status =
  (from: number, to = from) =>
  (result: Result) =>
    typeof result === 'number' && result >= from && result <= to;

/** The first row that fits holds. */
export const retryPolicy: readonly RetryRow[] = [
  {what: '2xx', fits: status(200, 299), verdict: 'done', consequence: 'done, once the object is seen in the engine'},
  {
    what: '401',
    fits: status(401),
    verdict: 'again',
    consequence:
      'the credential files are read again; where they have changed, the request is repeated at once. After that as in the next row',
  },
  {
    what: '408, 425, 429, 5xx',
    fits: result => [408, 425, 429].includes(Number(result)) || status(500, 599)(result),
    verdict: 'again',
    consequence: 'again after 1 s, doubled to 60 s, half of it random; Retry-After goes first',
  },
  {
    what: 'no answer in time, half an answer, a connection that breaks',
    fits: result => result === 'timeout' || result === 'broken',
    verdict: 'again',
    consequence: 'nobody knows whether it was done: the next pass looks first, and repeats only what is not there',
  },
  {
    what: 'connection refused, host not found, certificate not accepted',
    fits: result => result === 'refused',
    verdict: 'away',
    consequence: 'the pass ends; the engine is asked for again with back-off and without a deadline',
  },
  {
    what: 'any other status, to a create',
    fits: () => true,
    verdict: 'settle',
    consequence: 'is it there by now? The same: done; another: `PUT`',
  },
  {
    what: 'any other status, to a delete',
    fits: () => true,
    verdict: 'settle',
    consequence: 'is it gone? Done. Otherwise again as with 5xx: what uses it may go',
  },
  {
    what: 'a refusal because rules use a connection',
    fits: () => true,
    verdict: 'settle',
    consequence: 'the rules that are restarted for it anyway stop first; where others hold it, again as with 5xx',
  },
  {
    what: 'any other status',
    fits: () => true,
    verdict: 'settle',
    consequence: 'waits for other content of the directory, another engine, SIGHUP or `POST /sync`',
  },
];

export function verdictOf(result: Result): Verdict {
  return retryPolicy.find(({fits}) => fits(result))!.verdict;
}

/** The policy as RECONCILE.md shows it. */
export function retryTable(): string {
  return ['| what happened | then |', '|---|---|', ...retryPolicy.map(({what, consequence}) => `| ${what} | ${consequence} |`)].join('\n');
}
