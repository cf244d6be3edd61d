import {declaredSchema} from '#engine/catalog/column-schema.ts';
import type {SourceKind} from '#engine/language/ast/statement.ts';
import {parseSelect, parseStatement} from '#engine/language/parse.ts';
import type {Plan, PlanOptions, SchemaLookup} from '#engine/planner/plan.ts';
import {planRule} from '#engine/planner/plan-rule.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';

/** What a plan is made against: streams by name, each as its column list `(a bigint)`; an open one ends with `…`: `(a bigint, …)`. */
export interface PlanSetting {
  readonly streams: Readonly<Record<string, string>>;
  readonly tables?: Readonly<Record<string, string>> | undefined;
  /** WITH options by stream; `*` is every stream. */
  readonly with?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  readonly options?: Partial<PlanOptions> | undefined;
}

export function planSql(sql: string, setting: PlanSetting): Plan {
  return planRule(parseSelect(sql), sql, schemaLookup(setting), planOptions(setting.options));
}

export function planOptions(options: Partial<PlanOptions> = {}): PlanOptions {
  const {isEventTime = false, sendNilField = false, sendMetaToSink = false} = options;
  return {...options, isEventTime, sendNilField, sendMetaToSink};
}

export function schemaLookup(setting: PlanSetting): SchemaLookup {
  const declared = new Map([...sourcesOf('stream', setting.streams, setting), ...sourcesOf('table', setting.tables ?? {}, setting)]);
  return {source: name => declared.get(name), names: () => declared.keys()};
}

type Declared = NonNullable<ReturnType<SchemaLookup['source']>>;

function sourcesOf(kind: SourceKind, specs: Readonly<Record<string, string>>, setting: PlanSetting): [string, Declared][] {
  return Object.entries(specs).map(([name, spec]) => {
    const written = Object.entries({...setting.with?.['*'], ...setting.with?.[name]});
    if (/^\s*create\s/i.test(spec)) return [name, declaredBy(spec)];
    return [name, {kind, schema: schemaOf(spec), options: new Map(written)}];
  });
}

function schemaOf(spec: string): StreamSchema {
  const isOpen = /,\s*…\s*\)/.test(spec);
  const {schema} = declaredBy(`CREATE STREAM s ${spec.replace(/,\s*…/, '')} WITH (DATASOURCE="x")`);
  return isOpen ? {...schema, open: true} : schema;
}

function declaredBy(sql: string): Declared {
  const statement = parseStatement(sql);
  if (statement.kind !== 'create') throw new Error(`not a CREATE statement: ${sql}`);
  return {
    kind: statement.sourceKind,
    schema: declaredSchema(statement.columns),
    options: new Map(statement.options.map(({key, value}) => [key, value])),
  };
}
