import {ArrokothError} from '#engine/base/errors.ts';

/** Throws unless `id` may name a stream, table, rule or configuration key (the texts are eKuiper's). */
export function checkIdentifier(id: string): void {
  if (/^[a-zA-Z0-9_-]+$/.test(id)) return;
  if (id === '') throw new ArrokothError('id cannot be empty');
  if (id.trim() !== id) throw new ArrokothError(`id '${id}' contains leading or trailing whitespace`);
  throw new ArrokothError(`id '${id}' contains invalid characters: only alphanumeric, hyphens and underscores are allowed`);
}
