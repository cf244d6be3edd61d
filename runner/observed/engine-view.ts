import {eachLimited} from '#runner/base/each-limited.ts';
import {maskText} from '#runner/base/mask.ts';
import type {EngineClient} from './engine-client.ts';
import {type EngineRequest, isSuccess} from './engine-request.ts';

/** Texts by name: SQL of streams and tables, JSON of rules. */
export interface Ruleset {
  readonly streams: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, string>;
  readonly rules: ReadonlyMap<string, string>;
}

export interface RuleStatus {
  /** In the engine's words. */
  readonly status: string;
  /** Of the node that failed last, so that a rule that fails anew shows another number; undefined when the engine does not say. */
  readonly exceptions: number | undefined;
}

/** The engine answered a question with an error: nothing can be concluded about what it holds. */
export class ObservationError extends Error {}

/**
 * One look at the engine. Each list is asked for at most once and shared by all kinds; a view is thrown away after the pass.
 */
export class EngineView {
  readonly #client: EngineClient;
  readonly #parallelism: number;
  #ruleset: Promise<Ruleset> | undefined;
  #ruleStates: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(client: EngineClient, parallelism: number) {
    this.#client = client;
    this.#parallelism = parallelism;
  }

  /** Everything of `POST /ruleset/export`, in one request; engines without it are asked name by name. */
  ruleset(): Promise<Ruleset> {
    return (this.#ruleset ??= this.#readRuleset());
  }

  /** Run states by rule id, in the engine's words. */
  ruleStates(): Promise<ReadonlyMap<string, string>> {
    return (this.#ruleStates ??= this.#readRuleStates());
  }

  /** Of every rule, in one request where the engine has one for it; otherwise states alone. Not kept: every call asks. */
  async ruleStatuses(): Promise<ReadonlyMap<string, RuleStatus>> {
    const request = {method: 'GET', path: '/rules/status/all'};
    const answer = await this.#client.send(request, {isList: true});
    if (isSuccess(answer)) {
      const all = parse<Record<string, {status?: unknown; exceptions_total?: unknown} | null> | null>(request, answer.text) ?? {};
      return new Map(
        Object.entries(all).map(([id, one]) => [id, {status: wordsOf(one?.status), exceptions: Number(one?.exceptions_total ?? 0)}]),
      );
    }
    if (answer.status !== 404 && answer.status !== 405 && answer.status !== 400) throw refused(request, answer);
    return new Map([...(await this.#readRuleStates())].map(([id, status]) => [id, {status, exceptions: undefined}]));
  }

  /** The answer's text, or undefined when the engine has no such thing (404, or 400 as it says for some). Throws ObservationError. */
  async find(path: string): Promise<string | undefined> {
    const answer = await this.#client.send({method: 'GET', path});
    if (isSuccess(answer)) return answer.text;
    if (answer.status === 404 || answer.status === 400) return undefined;
    throw refused({method: 'GET', path}, answer);
  }

  /** Texts of several things, those the engine does not have left out. */
  async findAll(paths: ReadonlyMap<string, string>): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    let failure: unknown;
    await eachLimited([...paths], this.#parallelism, async ([name, path]) => {
      try {
        const text = failure === undefined ? await this.find(path) : undefined;
        if (text !== undefined) found.set(name, text);
      } catch (thrown) {
        failure ??= thrown;
      }
    });
    if (failure !== undefined) throw failure;
    return found;
  }

  async #readRuleset(): Promise<Ruleset> {
    const request = {method: 'POST', path: '/ruleset/export'};
    const answer = await this.#client.send(request, {isList: true});
    if (answer.status === 404 || answer.status === 405) return this.#readOneByOne();
    if (!isSuccess(answer)) throw refused(request, answer);
    const exported = parse<Record<string, unknown>>(request, answer.text);
    return {streams: texts(exported['streams']), tables: texts(exported['tables']), rules: texts(exported['rules'])};
  }

  async #readOneByOne(): Promise<Ruleset> {
    const named = async (list: string) => {
      const names = (await this.#list(`/${list}`)).map(entry => (typeof entry === 'string' ? entry : String((entry as {id?: unknown}).id)));
      return this.findAll(new Map(names.map(name => [name, `/${list}/${encodeURIComponent(name)}`])));
    };
    return {streams: await named('streams'), tables: await named('tables'), rules: await named('rules')};
  }

  async #readRuleStates(): Promise<ReadonlyMap<string, string>> {
    const rules = (await this.#list('/rules')) as readonly {id?: unknown; status?: unknown}[];
    return new Map(rules.map(({id, status}) => [String(id), wordsOf(status)]));
  }

  async #list(path: string): Promise<readonly unknown[]> {
    const request = {method: 'GET', path};
    const answer = await this.#client.send(request, {isList: true});
    // Engines answer `null` for an empty list.
    if (isSuccess(answer)) return parse<unknown[] | null>(request, answer.text) ?? [];
    throw refused(request, answer);
  }
}

/** A status may hold the words of an error, and those a secret. */
function wordsOf(status: unknown): string {
  return maskText(String(status));
}

function parse<T>({method, path}: EngineRequest, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ObservationError(`the engine's answer to ${method} ${path} is not JSON: ${maskText(text.slice(0, 2000)).slice(0, 100)}`);
  }
}

function texts(section: unknown): ReadonlyMap<string, string> {
  return new Map(
    Object.entries((section ?? {}) as Record<string, unknown>).map(([name, text]) => [
      name,
      typeof text === 'string' ? text : JSON.stringify(text),
    ]),
  );
}

function refused({method, path}: EngineRequest, {status, text}: {status: number; text: string}): ObservationError {
  return new ObservationError(`the engine answered ${method} ${path} with ${status}: ${text.trim().slice(0, 300)}`);
}
