import {describe, expect, it} from 'vitest';
import type {TypingScope} from '#engine/kubeedge/device-typing.ts';
import {boolean, float, int, string, struct} from '#engine/values/data-type.ts';
import type {Column} from '#engine/values/stream-schema.ts';
import {openModels, sample, send} from '#test/support/device-models.ts';

const filter = '$hw/events/device/+/twin/update';
const topic = (device: string) => `$hw/events/device/${device}/twin/update`;

/** Each device is called as its model. */
const models = (types: Readonly<Record<string, Readonly<Record<string, string>>>>, facts: Readonly<Record<string, object>> = {}) => ({
  'm.json': JSON.stringify({
    deviceModels: Object.entries(types).map(([name, properties]) => ({
      name,
      properties: Object.entries(properties).map(([property, dataType]) => ({name: property, dataType, ...facts[name]})),
    })),
  }),
});

const scope = (topicFilter: string, ...declared: Column[]): TypingScope => ({topicFilter, declared});

describe('columns of a topic filter', () => {
  it('carry what the model says of them', async () => {
    const {typing} = await openModels({[sample(4).name]: sample(4).text, [sample(5).name]: sample(5).text});
    expect(typing.schema(filter)).toEqual({
      open: true,
      hidden: ['twin', 'data', 'delta', 'event_id', 'timestamp'],
      columns: [
        {
          name: 'temperature',
          type: float,
          description: 'actual temperature',
          unit: 'Celsius',
          accessMode: 'ReadWrite',
          minimum: 0,
          maximum: 100,
        },
        {name: 'temperature-switch', type: int, description: 'the switch of device 0:off,1:on', accessMode: 'ReadWrite'},
      ],
    });
  });

  it('are those of the devices it reaches', async () => {
    const {typing} = await openModels(models({one: {a: 'int'}, two: {b: 'string'}}));
    const names = (filter: string) => typing.schema(filter).columns.map(column => column.name);
    expect(names(filter)).toEqual(['a', 'b']);
    expect(names('$hw/events/device/+/+/twin/update')).toEqual(['a', 'b']);
    expect(names('$share/group/$hw/events/device/+/twin/update')).toEqual(['a', 'b']);
    expect(names('$ke/events/device/#')).toEqual(['a', 'b']);
    expect(names(topic('One'))).toEqual(['a']);
    expect(names('$hw/events/device/default/two/twin/update')).toEqual(['b']);
    expect(names(`${topic('one')}, ${topic('two')}`)).toEqual(['a', 'b']);
    expect(names('$hw/events/+/two/twin/update')).toEqual(['b']);
    expect(names('plant/line/3/one/temperature')).toEqual(['a']);
    expect(names('sensors/temperature')).toEqual([]);
    expect(names(topic('three'))).toEqual([]);
  });

  it('keep a type that all models agree on, meet int and float as float, and leave others untyped', async () => {
    const {typing, log} = await openModels(
      models({
        one: {same: 'int', number: 'int', mixed: 'int'},
        two: {same: 'int', number: 'double', mixed: 'string'},
        three: {mixed: 'string'},
      }),
    );
    expect(typing.schema(filter).columns.map(({name, type}) => `${name} ${type.kind}`)).toEqual(['same int', 'number float', 'mixed any']);
    typing.schema(filter);
    typing.schema('$hw/events/device/+/+/twin/update');
    const conflict = 'column "mixed" is int in model "one" and string in model "three": it stays untyped';
    expect(typing.report().warnings).toEqual([conflict]);
    expect(log.filter(entry => entry.event === 'device models disagree')).toEqual([
      {level: 'warn', event: 'device models disagree', fields: {topicFilter: filter, conflict}},
    ]);
  });

  it('keep the facts that all models agree on', async () => {
    const {typing} = await openModels(
      models(
        {one: {a: 'int'}, two: {a: 'int'}},
        {
          one: {unit: 'mm', accessMode: 'rw', minimum: 1, maximum: 5},
          two: {unit: 'mm', accessMode: 'ReadOnly', minimum: 1, maximum: 6},
        },
      ),
    );
    expect(typing.schema(filter).columns).toEqual([{name: 'a', type: int, unit: 'mm', minimum: 1}]);
  });
});

describe('values in a stream of several models', () => {
  const types = {one: {number: 'int', mixed: 'int'}, two: {number: 'float', mixed: 'string'}};

  it('have the form that the stream’s column asks for', async () => {
    const {typing} = await openModels(models(types));
    const all = scope(filter);
    expect(send(typing, topic('one'), {number: '9007199254740993', mixed: '5'}, all).row).toEqual({number: 9007199254740992, mixed: 5n});
    expect(send(typing, topic('two'), {number: '2.5', mixed: '5'}, all).row).toEqual({number: 2.5, mixed: '5'});
    const single = scope(topic('one'));
    expect(send(typing, topic('one'), {number: '9007199254740993', mixed: '5'}, single).row).toEqual({number: 9007199254740993n, mixed: 5});
  });

  it('are judged by the model of their own device', async () => {
    const {typing} = await openModels(models(types));
    expect(send(typing, topic('one'), {number: '2.5'}, scope(filter)).row).toEqual({});
    expect(typing.report().badValues).toMatchObject([{device: 'one', property: 'number'}]);
  });
});

describe('declared columns', () => {
  it('win over the model’s, in type and spelling', async () => {
    const {typing} = await openModels(models({d: {Number: 'int', flag: 'string', other: 'int', list: 'string'}}));
    const declared = scope(
      filter,
      {name: 'number', type: float},
      {name: 'flag', type: boolean},
      {name: 'text', type: string},
      {name: 'list', type: struct()},
    );
    const twin = {
      Number: {actual: {value: '2.5'}},
      flag: {actual: {value: 'true'}},
      other: {actual: {value: '3'}},
      list: {actual: {value: 'x'}},
    };
    expect(send(typing, topic('d'), {twin}, declared).row).toEqual({twin, number: 2.5, flag: true, other: 3});
    expect(typing.report().badValues).toMatchObject([{property: 'list', reason: 'expected what the column is declared as'}]);
  });

  it('are taken as the decoder gives them from a flat message', async () => {
    const {typing} = await openModels(models({d: {number: 'int'}}));
    const declared = scope(filter, {name: 'number', type: string});
    expect(send(typing, topic('d'), {number: '2.5'}, declared).row).toEqual({number: '2.5'});
  });
});
