import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Row} from '#engine/values/value.ts';
import {connectorEnvironment, createSink, openSink, sinkMessage} from '#test/support/connectors.ts';

function surroundings() {
  const environment = connectorEnvironment();
  const read = (name: string) => readFileSync(join(environment.dataDirectory, name), 'utf8');
  const write = async (properties: Record<string, unknown>, ...batches: (readonly [string, Row | readonly Row[]] | string)[][]) => {
    const {sink} = openSink('file', properties, environment);
    for (const batch of batches) await sink.write(batch.map(one => (typeof one === 'string' ? sinkMessage(one) : sinkMessage(...one))));
    await sink.close();
  };
  return {environment, read, write, directory: environment.dataDirectory};
}

describe('the file sink', () => {
  it('writes a line for each message, and makes the directory', async () => {
    const {read, write} = surroundings();
    await write({path: 'out/deep/x.log'}, ['{"a":1}', '{"a":2}'], ['{"a":3}']);
    expect(read('out/deep/x.log')).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
  });

  it('appends to what is there, and ends a line that was cut off', async () => {
    const {read, write, directory} = surroundings();
    writeFileSync(join(directory, 'x.log'), '{"a":1}\n{"a":');
    await write({path: 'x.log'}, ['{"a":2}']);
    await write({path: 'x.log'}, ['{"a":3}']);
    expect(read('x.log')).toBe('{"a":1}\n{"a":\n{"a":2}\n{"a":3}\n');
  });

  it('keeps a json file one array after every write and over restarts', async () => {
    const {read, write, environment} = surroundings();
    const {sink} = openSink('file', {path: 'x.json', fileType: 'json'}, environment);
    await sink.write([sinkMessage('[{"a":1}]')]);
    expect(JSON.parse(read('x.json'))).toEqual([[{a: 1}]]);
    await sink.write([sinkMessage('{"a":2}'), sinkMessage('{"a":3}')]);
    expect(JSON.parse(read('x.json'))).toEqual([[{a: 1}], {a: 2}, {a: 3}]);
    await sink.close();
    await write({path: 'x.json', fileType: 'json'}, ['{"a":4}']);
    expect(JSON.parse(read('x.json'))).toEqual([[{a: 1}], {a: 2}, {a: 3}, {a: 4}]);
  });

  it('leaves a file alone that is no array', async () => {
    const {read, write, directory} = surroundings();
    writeFileSync(join(directory, 'x.json'), 'something else');
    await expect(write({path: 'x.json', fileType: 'json'}, ['1'])).rejects.toThrow('the file exists and is not an array');
    expect(read('x.json')).toBe('something else');
  });

  it('writes the header of a csv file once', async () => {
    const {read, write} = surroundings();
    const properties = {path: 'x.csv', fileType: 'csv', format: 'delimited', hasHeader: true};
    await write(
      properties,
      [['a,b\n1,2', [{a: 1, b: 2}]]],
      [
        [
          'a,b\n3,4\n5,6',
          [
            {a: 3, b: 4},
            {a: 5, b: 6},
          ],
        ],
      ],
    );
    await write(properties, [['a,b\n7,8', [{a: 7, b: 8}]]]);
    expect(read('x.csv')).toBe('a,b\n1,2\n3,4\n5,6\n7,8\n');
    await write({...properties, path: 'single.csv', excludeFields: ['c']}, [['1,2', {b: 2, a: 1, c: 3}]]);
    expect(read('single.csv')).toBe('a,b\n1,2\n');
  });

  it('lets two rules write to one file in turns', async () => {
    const {environment, read} = surroundings();
    const sinks = [0, 1].map(() => openSink('file', {path: 'both.json', fileType: 'json'}, environment).sink);
    await Promise.all(sinks.flatMap((sink, i) => Array.from({length: 20}, (_, k) => sink.write([sinkMessage(String(i * 100 + k))]))));
    await sinks[0]!.close();
    await sinks[1]!.write([sinkMessage('999')]);
    await sinks[1]!.close();
    expect(JSON.parse(read('both.json'))).toHaveLength(41);
  });

  it('may be retried when the disk refuses, and says so', async () => {
    const {environment, directory} = surroundings();
    writeFileSync(join(directory, 'taken'), '');
    const {sink, status} = openSink('file', {path: 'taken/x.log'}, environment);
    await expect(sink.write([sinkMessage('x')])).rejects.toMatchObject({
      retry: true,
      message: expect.stringContaining('file sink cannot write to'),
    });
    expect(status()).toMatchObject({state: -1});
  });

  for (const path of ['../x', '/etc/x', 'a/../../x', '', 'data/../../x', 'link/x', 'x\0y', '.']) {
    it(`is refused a path that leads out of its directory: ${JSON.stringify(path)}`, () => {
      const {environment, directory} = surroundings();
      symlinkSync('/tmp', join(directory, 'link'));
      expect(() => createSink('file', {path}, environment)).toThrow('leads out of the data directory');
    });
  }

  for (const path of ['store/CURRENT', 'data/store/x', './store/../store/x', 'alias/CURRENT', 'store']) {
    it(`is refused a path where the engine keeps its own: ${path}`, () => {
      const {environment, directory} = surroundings();
      mkdirSync(join(directory, 'store'));
      symlinkSync(join(directory, 'store'), join(directory, 'alias'));
      const reserved = {...environment, reservedDirectories: [join(directory, 'store')]};
      for (const allowExternalFileAccess of [false, true])
        expect(() => createSink('file', {path}, {...reserved, allowExternalFileAccess})).toThrow("in a directory of the engine's own");
      expect(() => createSink('file', {path: 'stored/x'}, reserved)).not.toThrow();
    });
  }

  it('takes a path as eKuiper writes it, or an absolute one within', async () => {
    const {read, write, directory} = surroundings();
    await write({path: 'data/x.log'}, ['1']);
    await write({path: join(directory, 'x.log')}, ['2']);
    expect(read('x.log')).toBe('1\n2\n');
  });

  it('tells which message of several has a path that is refused, the first as well', async () => {
    const {environment} = surroundings();
    const {sink} = openSink('file', {path: '{{.path}}'}, environment);
    const message = (path: string) => ({payload: 'x', data: {path}});
    for (const paths of [
      ['../x', 'a'],
      ['a', '../x', 'b'],
    ]) {
      const failure = await Promise.resolve(sink.write(paths.map(message))).catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({delivered: paths.indexOf('../x'), cause: {retry: false}});
    }
    await sink.close();
  });

  it('goes anywhere when external files are allowed', async () => {
    const elsewhere = surroundings();
    const environment = connectorEnvironment({allowExternalFileAccess: true});
    mkdirSync(join(environment.dataDirectory, 'x'));
    const {sink} = openSink('file', {path: join(elsewhere.directory, 'x.log')}, environment);
    await sink.write([sinkMessage('1')]);
    await sink.close();
    expect(elsewhere.read('x.log')).toBe('1\n');
  });

  const refused = [
    {properties: {fileType: 'nosuch'}, error: 'fileType must be one of json, csv or lines'},
    {properties: {fileType: 'csv'}, error: 'format must be delimited when fileType is csv'},
    {properties: {rollingInterval: 1000}, error: 'rollingInterval is not supported yet'},
    {properties: {rollingCount: 5, rollingNamePattern: 'prefix'}, error: 'rollingCount, rollingNamePattern is not supported yet'},
  ];
  for (const {properties, error} of refused) {
    it(`is refused: ${error}`, () => expect(() => createSink('file', {path: 'x', ...properties})).toThrow(error));
  }
});
