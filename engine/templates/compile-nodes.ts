import {EvaluationError} from '#engine/base/errors.ts';
import {sortBytes} from '#engine/values/byte-order.ts';
import {isRow} from '#engine/values/type-name.ts';
import {compilePipeline, compileRangePipeline, type Evaluate, type Setting} from './compile-pipeline.ts';
import type {RenderState} from './render-state.ts';
import {TemplateError} from './template-error.ts';
import {goTypeOf, isTrue, printed, type TemplateValue} from './template-value.ts';
import type {Definition, TemplateNode, TemplateTree} from './tree.ts';

/** How a node ended: `{{break}}` and `{{continue}}` end the nodes around them too. */
type Outcome = 'done' | 'break' | 'continue';
type Emit = (state: RenderState, dot: TemplateValue) => Outcome;

/** Runs a definition on data, with variables of its own. */
export type RunDefinition = (state: RenderState, data: TemplateValue) => void;

/** Turns a tree into closures. */
export function compileTree(tree: TemplateTree, setting: Setting): RunDefinition {
  const compiled = new Map<string, RunDefinition>();
  const nodes = new NodeCompiler(setting, tree, compiled);
  for (const [name, definition] of tree.definitions) compiled.set(name, nodes.definition(definition));
  return nodes.definition(tree.main);
}

class NodeCompiler {
  readonly #setting: Setting;
  readonly #tree: TemplateTree;
  /** Filled after the nodes that call them are compiled: definitions may call one another. */
  readonly #compiled: ReadonlyMap<string, RunDefinition>;

  constructor(setting: Setting, tree: TemplateTree, compiled: ReadonlyMap<string, RunDefinition>) {
    this.#setting = setting;
    this.#tree = tree;
    this.#compiled = compiled;
  }

  definition({nodes, variables}: Definition): RunDefinition {
    const emit = this.#list(nodes);
    return (state, data) => {
      const outer = state.variables;
      state.variables = new Array<TemplateValue>(variables);
      state.variables[0] = data;
      emit(state, data);
      state.variables = outer;
    };
  }

  #list(nodes: readonly TemplateNode[]): Emit {
    const emits = nodes.map(node => this.#node(node));
    return (state, dot) => {
      for (const emit of emits) {
        const outcome = emit(state, dot);
        if (outcome !== 'done') return outcome;
      }
      return 'done';
    };
  }

  #node(node: TemplateNode): Emit {
    switch (node.kind) {
      case 'text': {
        const {text} = node;
        return state => {
          state.write(text);
          return 'done';
        };
      }
      case 'action': {
        const value = compilePipeline(node.pipeline, this.#setting);
        const isSilent = node.pipeline.variables.length > 0;
        return (state, dot) => {
          state.budget.spend(1);
          const result = value(state, dot);
          if (!isSilent) state.write(printed(result));
          return 'done';
        };
      }
      case 'if':
      case 'with':
        return this.#condition(node);
      case 'range':
        return this.#range(node);
      case 'template':
        return this.#invocation(node);
      case 'break':
      case 'continue': {
        const outcome = node.kind;
        return () => outcome;
      }
    }
  }

  #condition(node: Extract<TemplateNode, {kind: 'if' | 'with' | 'range'}>): Emit {
    const value = compilePipeline(node.pipeline, this.#setting);
    const body = this.#list(node.body);
    const otherwise = this.#list(node.otherwise);
    const movesDot = node.kind === 'with';
    return (state, dot) => {
      state.budget.spend(1);
      const result = value(state, dot);
      if (isTrue(result)) return body(state, movesDot ? result : dot);
      return otherwise(state, dot);
    };
  }

  #range(node: Extract<TemplateNode, {kind: 'if' | 'with' | 'range'}>): Emit {
    const value: Evaluate = compileRangePipeline(node.pipeline, this.#setting);
    const body = this.#list(node.body);
    const otherwise = this.#list(node.otherwise);
    const {variables} = node.pipeline;
    const keyVariable = variables.length === 2 ? variables[0] : undefined;
    const itemVariable = variables.at(-1);
    return (state, dot) => {
      let isEmpty = true;
      for (const [key, item] of entriesOf(value(state, dot))) {
        isEmpty = false;
        state.budget.spend(1);
        if (keyVariable !== undefined) state.variables[keyVariable] = key;
        if (itemVariable !== undefined) state.variables[itemVariable] = item;
        if (body(state, item) === 'break') break;
      }
      return isEmpty ? otherwise(state, dot) : 'done';
    };
  }

  #invocation(node: Extract<TemplateNode, {kind: 'template'}>): Emit {
    const {name} = node;
    if (!this.#tree.definitions.has(name))
      throw new TemplateError(`template "${name}" is not defined`, this.#setting.text, node.at, node.at + 2);
    const argument: Evaluate = node.argument ? compilePipeline(node.argument, this.#setting) : () => null;
    return (state, dot) => {
      state.budget.spend(1);
      state.budget.enter();
      this.#compiled.get(name)!(state, argument(state, dot));
      state.budget.leave();
      return 'done';
    };
  }
}

/** What a range goes through: elements, members in byte order, or the numbers below an int. */
function* entriesOf(value: TemplateValue): Generator<readonly [key: TemplateValue, item: TemplateValue]> {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    let i = 0n;
    for (const item of value) yield [i++, item];
  } else if (isRow(value)) {
    for (const name of sortBytes(Object.keys(value))) yield [name, value[name]];
  } else if (typeof value === 'bigint') {
    for (let i = 0n; i < value; i++) yield [i, i];
  } else throw new EvaluationError(`range cannot go through ${goTypeOf(value)}: expected a list or an object`);
}
