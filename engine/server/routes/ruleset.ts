import {ArrokothError, messageOf} from '#engine/base/errors.ts';
import {prefixed, sendText} from '../answers.ts';
import type {Ruleset} from '../contract/ruleset.ts';
import {goJson, sorted} from '../go-text.ts';
import {readObject, readString} from '../request-body.ts';
import type {Route, ServerParts} from '../route.ts';
import {importRuleset} from '../ruleset-import.ts';

const bodyFault = 'Error decoding json';

/** Streams, tables and rules as one document. */
export function rulesetRoutes(parts: ServerParts): readonly Route[] {
  const {catalog} = parts;
  const exported = (): Ruleset => ({
    streams: statements(catalog.sources('stream')),
    tables: statements(catalog.sources('table')),
    rules: sorted(Object.fromEntries(catalog.rules().map(({id, text}) => [id, text]))),
  });
  return [
    {
      method: 'POST',
      path: '/ruleset/export',
      summary: 'Streams, tables and rules as one document.',
      answer: (_request, reply) =>
        reply.header('content-type', 'application/octet-stream').header('content-disposition', 'Attachment').send(goJson(exported())),
    },
    {
      method: 'POST',
      path: '/ruleset/import',
      summary: 'Takes such a document as the string `content`: creates, replaces, starts.',
      async answer(request, reply) {
        const members = readObject(request.body, bodyFault);
        const content = readString(members, 'content', bodyFault);
        const file = readString(members, 'file', bodyFault);
        if (content !== '' && file !== '') throw new ArrokothError('Invalid body: Cannot specify both content and file: bad request');
        if (content === '' && file === '') throw new ArrokothError('Invalid body: must specify content or file: bad request');
        if (file !== '') throw new ArrokothError('Fail to read file: importing a file is not supported yet, send its text as "content"');
        const {streams, tables, rules} = await prefixed('Import ruleset error', () => importRuleset(parts, readRuleset(content)));
        return sendText(reply, `imported ${streams} streams, ${tables} tables and ${rules} rules`);
      },
    },
  ];
}

/** Temporary ones too, as eKuiper has it: whoever compares must see them. */
function statements(definitions: readonly {name: string; sql: string}[]): Readonly<Record<string, string>> {
  return Object.fromEntries(definitions.map(({name, sql}) => [name, sql]));
}

function readRuleset(content: string): Ruleset {
  let raw: unknown;
  try {
    raw = JSON.parse(content);
  } catch (thrown) {
    throw new ArrokothError(`the content is not JSON: ${messageOf(thrown)}`);
  }
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) {
    throw new ArrokothError('expected an object with "streams", "tables" and "rules"');
  }
  const members = raw as Record<string, unknown>;
  return {streams: texts(members, 'streams'), tables: texts(members, 'tables'), rules: texts(members, 'rules')};
}

function texts(members: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, string>> {
  const value = members[name] ?? {};
  const isTexts = typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(text => typeof text === 'string');
  if (!isTexts) throw new ArrokothError(`${name}: expected an object of strings`);
  return value as Record<string, string>;
}
