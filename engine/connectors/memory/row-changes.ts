import {ConnectorError} from '#engine/base/errors.ts';
import {ownMember} from '#engine/values/member.ts';
import type {Row} from '#engine/values/value.ts';
import type {RowChange} from '../connector.ts';

const puts = ['insert', 'update', 'upsert'];

/** Reads what each row does to a lookup table: its column `kindField` says it, `keyField` holds the key. Throws for a row that says neither. */
export function rowChanges(kindField: string, keyField: string): (row: Row) => RowChange {
  return row => {
    const kind = ownMember(row, kindField) ?? 'upsert';
    if (typeof kind !== 'string' || (kind !== 'delete' && !puts.includes(kind))) {
      throw refused(`invalid rowkind ${String(kind)} in column "${kindField}", expected insert, update, upsert or delete`);
    }
    const key = ownMember(row, keyField);
    if (key === null) throw refused(`key field "${keyField}" is missing in a row for a lookup table`);
    return kind === 'delete' ? {kind, key} : {kind: 'put'};
  };
}

function refused(message: string): ConnectorError {
  return new ConnectorError(message, {retry: false});
}
