import {namedKind} from './named-kind.ts';

/** JavaScript functions. */
export const script = namedKind('script', {path: '/udf/javascript', nameKey: 'id', showsContent: true});
