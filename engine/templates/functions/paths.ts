import {posix} from 'node:path';
import {define, type TemplateFamily, textArgument} from './template-function.ts';

// Names only: nothing here looks at files.

/** Sprig's functions on paths with slashes; the `os…` ones are the same. */
export const pathFunctions: TemplateFamily = {
  title: 'Paths',
  functions: {
    base: define('The last element of a path.', '{{base "a/b.txt"}}', 1, path => base(textArgument(path)), {aliases: ['osBase']}),
    dir: define('A path without its last element.', '{{dir "a/b.txt"}}', 1, path => dir(textArgument(path)), {aliases: ['osDir']}),
    clean: define('The shortest path of the same meaning.', '{{clean "a/../b//c/"}}', 1, path => clean(textArgument(path)), {
      aliases: ['osClean'],
    }),
    ext: define(
      'The end of a path from its last dot on.',
      '{{ext "a/b.txt"}}',
      1,
      path => /\.[^./]*$/.exec(textArgument(path))?.[0] ?? '',
      {
        aliases: ['osExt'],
      },
    ),
    isAbs: define('Whether a path begins at the root.', '{{isAbs "/a"}}', 1, path => textArgument(path).startsWith('/'), {
      aliases: ['osIsAbs'],
    }),
  },
};

function clean(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

function base(path: string): string {
  if (path === '') return '.';
  return posix.basename(path) || '/';
}

function dir(path: string): string {
  return clean(path.slice(0, path.lastIndexOf('/') + 1));
}
