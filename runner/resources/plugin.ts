import {namedKind} from './named-kind.ts';

/**
 * Native and portable plugins. The name is `<type>/<name>`: `portables/mirror`. The engine shows what it installed, not the archive it was
 * given; a native plugin that was replaced or deleted goes on until the engine restarts.
 */
export const plugin = namedKind('plugin', {path: '/plugins/{type}', nameKey: 'name', showsContent: false, level: 'groundwork'});
