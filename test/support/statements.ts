import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {parse} from 'yaml';

/** A statement of the recorded cases and what the original said to it. */
export interface RecordedStatement {
  readonly file: string;
  readonly name: string;
  readonly sql: string;
  /** The answer when the rule was refused; undefined when it ran. */
  readonly refused: string | undefined;
  /** Any sensible answer will do. */
  readonly open: boolean;
}

/** The statements of all cases of test/conformance. */
export function recordedStatements(): readonly RecordedStatement[] {
  const folder = path.join(import.meta.dirname, '../conformance');
  const files = readdirSync(folder).filter(file => file.endsWith('.yaml'));
  return files.flatMap(file => {
    const {cases} = parse(readFileSync(path.join(folder, file), 'utf8')) as {cases: Partial<RecordedStatement>[]};
    return cases.map(({name = '', sql = '', refused, open = false}) => ({file, name, sql, refused, open}));
  });
}
