import {namedKind} from './named-kind.ts';

/** Schemas of messages. The name is `<type>/<name>`: `protobuf/orders`. */
export const schema = namedKind('schema', {path: '/schemas/{type}', nameKey: 'name', showsContent: true});
