import {namedKind} from './named-kind.ts';

/** External services. The engine shows what it unpacked, not the archive it was given. */
export const service = namedKind('service', {path: '/services', nameKey: 'name', showsContent: false});
