import {ArrokothError, errorCode, NotFoundError} from '#engine/base/errors.ts';
import type {SourceDefinition} from '#engine/catalog/catalog.ts';
import {checkIdentifier} from '#engine/catalog/identifier.ts';
import type {CreateStatement, SourceKind, Statement} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {prefixed, sendJson, sendText} from '../answers.ts';
import type {SourceDetail} from '../contract/source-answers.ts';
import {htmlEscaped} from '../go-text.ts';
import {readObject, readString} from '../request-body.ts';
import type {ApiRequest, Route, ServerParts} from '../route.ts';
import {describeSource, schemaAnswer} from '../source-description.ts';
import {runStatement} from '../source-statement.ts';

const bodyFault = 'Error decoding the statement descriptor';

/** Streams or tables: the same paths twice. */
export function sourceRoutes(parts: ServerParts, kind: SourceKind): readonly Route[] {
  const {catalog, rules} = parts;
  const Kind = kind === 'stream' ? 'Stream' : 'Table';

  const readSql = (request: ApiRequest) => readString(readObject(request.body, bodyFault), 'sql', bodyFault);
  const named = (request: ApiRequest): string => {
    const name = request.params['name']!;
    checkIdentifier(name);
    return name;
  };
  const listed = (request: ApiRequest): readonly SourceDefinition[] => {
    const wanted = request.query['kind'];
    const all = catalog.sources(kind);
    if (kind === 'stream' || (wanted !== 'lookup' && wanted !== 'scan')) return all;
    return all.filter(({options}) => (options.get('KIND') ?? 'scan') === wanted);
  };
  /** Throws as DESCRIBE of an unknown name does. */
  const found = (name: string): SourceDefinition => {
    const definition = catalog.source(name, kind);
    if (definition) return definition;
    throw new ArrokothError(`Describe ${kind} fails, ${name} is not found.`, {code: errorCode.streamProcessor});
  };

  return [
    {
      method: 'GET',
      path: `/${kind}s`,
      summary: `Names of all ${kind}s${kind === 'table' ? '; `?kind=scan` or `?kind=lookup` narrows them' : ''}.`,
      answer: (request, reply) =>
        sendJson(
          reply,
          listed(request).map(({name}) => name),
        ),
    },
    {
      method: 'GET',
      path: `/${kind}details`,
      summary: `Name, type and format of each ${kind}.`,
      answer: (request, reply) => sendJson(reply, listed(request).map(detail)),
    },
    {
      method: 'POST',
      path: `/${kind}s`,
      summary: `Runs a statement in \`sql\`: CREATE, DESCRIBE, SHOW or DROP of streams and tables.`,
      async answer(request, reply) {
        const sql = readSql(request);
        const text = await prefixed(`${Kind} command error`, () => runStatement(parts, sql), errorCode.streamProcessor);
        return sendText(reply, htmlEscaped(text), 201);
      },
    },
    {
      method: 'GET',
      path: `/${kind}s/:name`,
      summary: `Columns and options of a ${kind}.`,
      async answer(request, reply) {
        const name = named(request);
        return sendJson(reply, await prefixed(`describe ${kind} error`, () => describeSource(catalog, found(name))));
      },
    },
    {
      method: 'GET',
      path: `/${kind}s/:name/schema`,
      summary: `Columns of a ${kind} with their types; those of a device model with description, unit and limits.`,
      async answer(request, reply) {
        const name = named(request);
        return sendJson(reply, await prefixed(`get schema of ${kind} error`, () => schemaAnswer(catalog.schema(found(name)))));
      },
    },
    {
      method: 'PUT',
      path: `/${kind}s/:name`,
      summary: `Replaces a ${kind} by the CREATE statement in \`sql\`, or creates it.`,
      async answer(request, reply) {
        const name = named(request);
        const sql = readSql(request);
        await prefixed(`${Kind} command error`, async () => {
          const statement = readReplacement(name, kind, sql);
          await catalog.replaceSource(statement, sql);
        });
        return sendText(reply, `${Kind} ${name} is replaced.`);
      },
    },
    {
      method: 'DELETE',
      path: `/${kind}s/:name`,
      summary: `Drops a ${kind} that no rule uses${kind === 'stream' ? '; `?force=true` drops it anyway' : ''}.`,
      async answer(request, reply) {
        const name = named(request);
        await prefixed(`delete ${kind} error`, async () => {
          if (!catalog.source(name, kind)) throw new NotFoundError(`${kind} ${name} is not found`);
          const isForced = request.query['force'] === 'true';
          if (rules.usersOf(name).length > 0 && (!isForced || kind === 'table')) {
            // A table keeps rows for the rules that join it: force cannot take it away from them.
            throw new ArrokothError(`${kind} ${name} has been referenced by other rules`, {
              code: isForced ? errorCode.streamProcessor : errorCode.undefined,
            });
          }
          await catalog.dropSource(name, kind);
        });
        return sendText(reply, `${Kind} ${name} is dropped.`);
      },
    },
  ];
}

function readReplacement(name: string, kind: SourceKind, sql: string): CreateStatement {
  const streamProcessor = {code: errorCode.streamProcessor};
  let statement: Statement;
  try {
    statement = parseStatement(sql);
  } catch (thrown) {
    throw new ArrokothError(`Replace ${name} fails: ${(thrown as Error).message}`, {...streamProcessor, cause: thrown});
  }
  if (statement.kind !== 'create') throw new ArrokothError(`Invalid ${kind} statement: ${sql}`, streamProcessor);
  if (statement.name !== name) {
    throw new ArrokothError(`Replace ${name} fails: the sql statement must update the ${name} source.`, streamProcessor);
  }
  if (statement.sourceKind !== kind) throw new NotFoundError(`Replace ${name} fails: ${statement.sourceKind} ${name} is not found`);
  return statement;
}

function detail({name, options}: SourceDefinition): SourceDetail {
  return {name, type: options.get('TYPE') ?? 'mqtt', format: (options.get('FORMAT') ?? 'json').toLowerCase()};
}
