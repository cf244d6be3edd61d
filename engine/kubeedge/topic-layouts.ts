import type {DeviceInstance} from './device-model.ts';
import {TopicTemplate} from './topic-template.ts';

const suffixes = [
  'twin/update',
  'twin/update/result',
  'twin/update/document',
  'twin/update/delta',
  'twin/get',
  'twin/get/result',
  'twin/cloud_updated',
  'twin/edge_updated',
  'state/update',
  'state/update/result',
  'updated',
  'data/update',
  'customized/update',
];
const heads = ['$hw/events/device', '$ke/events/device'];
/** `dataTopic` of KubeEdge's documentation and samples, and the old JavaScript mapper. */
const others = [
  '$ke/events/{device}/device/data/update',
  '$ke/events/{device}/device/customized/update',
  '$hw/devices/{device}/events/properties/get',
];

/**
 * The templates to look for a topic's device with, first to last: the user's, those that devices name as `dataTopic`, KubeEdge's own in
 * both layouts, and last the original Kuiper's rule, which takes the fourth segment of any topic.
 */
export function topicTemplates(
  own: readonly string[],
  namespacedFirst: boolean,
  instances: readonly DeviceInstance[],
): readonly TopicTemplate[] {
  const layouts = namespacedFirst ? ['{namespace}/{device}', '{device}'] : ['{device}', '{namespace}/{device}'];
  const data = instances.flatMap(({dataTopic}) =>
    dataTopic?.split('/').includes('+') ? [dataTopic.replace(/(^|\/)\+(?=\/|$)/, '$1{device}')] : [],
  );
  return [
    ...own.map(text => new TopicTemplate(text)),
    ...unique(data).flatMap(fromFile),
    ...layouts.flatMap(layout => heads.flatMap(head => suffixes.map(suffix => new TopicTemplate(`${head}/${layout}/${suffix}`)))),
    ...others.map(text => new TopicTemplate(text)),
    new TopicTemplate('+/+/+/{device}/#', {isGuess: true}),
  ];
}

/**
 * The filters to subscribe to for `filter`. KubeEdge puts the namespace before the device from v1.16.2 on, so `…/device/+/…` also asks for
 * `…/device/+/+/…`. A filter that ends in `#` right after covers that already.
 */
export function bothLayouts(filter: string): readonly string[] {
  const parts = filter.split('/');
  const at = parts.findIndex((part, i) => part === 'device' && parts[i + 1] === '+');
  const next = parts[at + 2];
  if (at < 0 || next === undefined || next === '+' || next === '#') return [filter];
  return [filter, [...parts.slice(0, at + 2), '+', ...parts.slice(at + 2)].join('/')];
}

/** The topic filter of a shared subscription: `$share/<group>/<filter>`. */
export function unshared(filter: string): string {
  return filter.startsWith('$share/') ? filter.split('/').slice(2).join('/') : filter;
}

/** A `dataTopic` that is no usable template names no device: the file is not at fault. */
function fromFile(text: string): readonly TopicTemplate[] {
  try {
    return [new TopicTemplate(text)];
  } catch {
    return [];
  }
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
