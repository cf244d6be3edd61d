import {describe, expect, it} from 'vitest';
import {foldFile} from '#runner/desired/fold.ts';
import {formatProblem} from '#runner/desired/problem.ts';
import {Values} from '#runner/desired/values.ts';
import {commandRoutes} from '#runner/resources/registry.ts';

const values = new Values({environment: {}, variables: [], valueDirs: [], labelsFile: ''});
const fold = (text: string) => foldFile('f.json', text, 'hash', commandRoutes, values);
const problemsOf = (text: string) => fold(text).problems.map(problem => `${problem.severity} ${formatProblem(problem)}`);
const one = (command: object) => JSON.stringify({commands: [command]});

describe('a command file', () => {
  it('may write methods in any case and leave data and description out', () => {
    const {declarations, problems} = fold(
      '{"commands":[{"url":"/rules/r1/Stop","method":"PoSt"},{"url":"/rules/r1/stop","method":"post","description":"x"}]}',
    );
    expect(problems).toEqual([]);
    expect(declarations.runs.get('r1')?.running).toBe(false);
    expect(declarations.commands).toMatchObject([{purpose: 'act', method: 'POST', path: '/rules/r1/Stop'}]);
  });

  it('may begin with a byte order mark', () => {
    expect(problemsOf(`\uFEFF${one({url: '/streams', method: 'GET'})}`)).toEqual([]);
  });

  /** The last is what stands at the place. */
  const broken: readonly (readonly [name: string, text: string, message: string, at: string])[] = [
    ['an empty file', '', 'the file is empty; expected {"commands": […]}', ''],
    ['half a file', '{"commands": [\n  {"url": "/str', 'expected a string that ends on its line, with valid escapes, found "\\""', '"/str'],
    ['a trailing comma', '{"commands": [\n],\n}', 'expected a key in double quotes, found "}"', '}'],
    ['text after the end', '{"commands": []} x', 'expected nothing after the value, found "x"', 'x'],
    ['a comment', '{"commands": [] // x\n}', 'expected "," or "}", found "/"', '//'],
    [
      'a list',
      '[]',
      'expected "commands", or some of streams, tables, rules, confKeys, connections, schemas, services, scripts, plugins; found an array',
      '[]',
    ],
    [
      'nothing in it',
      '{}',
      'expected "commands", or some of streams, tables, rules, confKeys, connections, schemas, services, scripts, plugins; found an empty object',
      '{}',
    ],
    ['commands that are no list', '{"commands": null}', '"commands" must be a list, found null', 'null'],
    ['a command that is null', '{"commands": [null]}', 'command 0 must be an object with "url" and "method", found null', 'null'],
    ['a command without URL', '{"commands": [{"method": "GET"}]}', 'the command has no "url"', '{"method"'],
    ['a URL that is a number', '{"commands": [{"url": 5, "method": "GET"}]}', '"url" must be a string, found a number', '5'],
    [
      'an unknown method',
      '{"commands": [{"url": "/streams", "method": "PSOT"}]}',
      'unknown method "PSOT", did you mean "POST"; expected one of GET, POST, PUT, DELETE, PATCH',
      '"PSOT"',
    ],
    [
      'an unknown URL',
      '{"commands": [{"url": "/stream", "method": "POST"}]}',
      'unknown URL "/stream": the engine has no "/stream", did you mean "/streams"',
      '"/stream"',
    ],
    [
      'a method the URL does not have',
      '{"commands": [{"url": "/streams/x", "method": "POST"}]}',
      'POST is not known for "/streams/x"; expected GET, PUT, DELETE',
      '"/streams/x"',
    ],
    [
      'a stream without data',
      '{"commands": [{"url": "/streams", "method": "POST"}]}',
      'POST /streams needs an object as "data"',
      '"/streams"',
    ],
    [
      'a stream without SQL',
      '{"commands": [{"url": "/streams", "method": "POST", "data": {}}]}',
      'POST /streams needs "sql" in its data',
      '{}}',
    ],
    [
      'a query as a stream',
      one({url: '/streams', method: 'POST', data: {sql: 'SELECT * FROM a'}}),
      'expected a CREATE statement, found a SELECT; a query belongs in a rule',
      '"SELECT',
    ],
    [
      'a rule without actions',
      one({url: '/rules', method: 'POST', data: {id: 'r', sql: 'SELECT * FROM a'}}),
      'rule "r" needs "actions", a list such as [{"mqtt": {…}}]',
      '{"id"',
    ],
    [
      'a rule with a bad id',
      one({url: '/rules', method: 'POST', data: {id: 'a b', sql: 'SELECT * FROM a', actions: [{}]}}),
      'rule id "a b" may hold only letters, digits, "-" and "_"',
      '"a b"',
    ],
    [
      'a rule under the URL of another',
      one({url: '/rules/a', method: 'PUT', data: {id: 'b', sql: 'SELECT * FROM a', actions: [{}]}}),
      'the rule\'s id is "b", but the URL says "a"',
      '"b"',
    ],
    [
      'a stream under the URL of another',
      one({url: '/streams/a', method: 'PUT', data: {sql: 'CREATE STREAM b () WITH (DATASOURCE="x")'}}),
      'the statement makes "b" and not "a"',
      '"CREATE',
    ],
  ];
  it.each(broken)('with %s is refused, with the place', (_, text, message, at) => {
    const {problems} = fold(text);
    expect(problems).toMatchObject([{severity: 'error', message}]);
    const {line, column} = problems[0]!;
    expect(text.split('\n')[line - 1]!.slice(column - 1, column - 1 + at.length)).toBe(at);
  });

  it('with SQL that does not parse points into the string, escapes and all', () => {
    const text =
      '{"commands": [\n{"url": "/streams", "method": "POST", "data": {"sql": "CREATE STREAM \\u0061 () WITH (DATASOURCE=\\"x\\", FORMAT=)"}}]}';
    const [problem] = fold(text).problems;
    expect(problem).toMatchObject({severity: 'statement', line: 2});
    expect(text.split('\n')[1]!.slice(problem!.column - 1)).toMatch(/^\)"\}/);
    expect(fold(text).declarations.objects.get('stream a')).toMatchObject({presence: 'present'});
  });

  it('warns about keys it does not know and about a second definition', () => {
    const stream = (source: string) => ({url: '/streams', method: 'POST', data: {sql: `CREATE STREAM a () WITH (DATASOURCE="${source}")`}});
    expect(
      problemsOf(JSON.stringify({comands: 1, commands: [{...stream('x'), desciption: 'd'}, stream('y')]}, null, 1)).map(text =>
        text.replace(/:\d+:\d+/, ''),
      ),
    ).toEqual([
      'warning f.json: unknown key "comands", did you mean "commands"',
      'warning f.json: unknown key "desciption", did you mean "description"',
      'warning f.json: stream a was created in line 4 already; this definition holds',
    ]);
  });
});

describe('the URL of a command', () => {
  const leaving = [
    '@evil.example/streams',
    'streams',
    'http://evil.example/streams',
    '//evil.example/streams',
    '/streams//x',
    '/../etc',
    '/streams/../rules',
    '/streams/./x',
    '/streams/%2e%2e/rules',
    '/streams/%2E%2E%2Frules',
    '/%2f%2fevil.example',
    '/streams/%5c..%5cx',
    '/streams\\..\\x',
    '/streams/%252e%252e/x',
    '/streams/a%00',
    '/streams/a\u0000',
    '/streams/a b',
    '/streams#x',
    '/streams/a\r\nX-Evil: 1',
    '/streams/%zz',
    '/streams/a?x=%zz',
    'HTTP://evil.example',
    '/\u00e9',
    '',
  ];
  it.each(leaving)('%j is refused', url => {
    const [problem] = fold(one({url, method: 'GET'})).problems;
    expect(problem).toMatchObject({severity: 'error', line: 1, column: 21});
    expect(problem?.message).toMatch(/URL|url/);
  });

  it.each([
    '/streams',
    '/rules/r1/status',
    '/metadata/sources/yaml/mqtt?x=a%2Fb',
    '/',
    '/streams/a@b',
    '/data/import?stop=1&partial=1',
  ])('%j is a path of the engine', url => {
    expect(fold(one({url, method: 'GET'})).problems).toEqual([]);
  });
});
