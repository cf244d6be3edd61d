import type {CommandRoute} from '#runner/desired/command-route.ts';
import type {KindName} from '#runner/desired/declared.ts';
import {confKey} from './conf-key.ts';
import {connection} from './connection.ts';
import {plugin} from './plugin.ts';
import type {ResourceKind} from './resource-kind.ts';
import {rule} from './rule.ts';
import {schema} from './schema.ts';
import {script} from './script.ts';
import {service} from './service.ts';
import {stream} from './stream.ts';
import {table} from './table.ts';

/** Every kind, in the order in which people read them. */
export const resourceKinds: readonly ResourceKind[] = [plugin, service, schema, script, connection, confKey, stream, table, rule];

const byName = new Map<KindName, ResourceKind>(resourceKinds.map(kind => [kind.kind, kind]));

export function kindOf(name: KindName): ResourceKind {
  return byName.get(name)!;
}

/** The commands that declare state. */
export const commandRoutes: readonly CommandRoute[] = resourceKinds.flatMap(({routes}) => routes);
