import {anything, flag, oneOf, type Setting, type SettingsOf, textList} from '#engine/base/settings.ts';

/** A file, or several. */
const modelFile: Setting<string | readonly string[] | undefined> = {
  ...(anything(
    'Device model file that types the stream: a path relative to `etc/sources`, a list of paths, or a directory. Takes Kuiper model files, deviceProfile.json, DeviceModel and Device objects of every KubeEdge version, as YAML or JSON.',
    {example: 'device-models/'},
  ) as Setting<string | readonly string[] | undefined>),
  read(raw) {
    if (typeof raw === 'string') return raw;
    if (Array.isArray(raw) && raw.every(item => typeof item === 'string')) return raw as readonly string[];
    throw new Error(`expected a path or a list of paths, got ${JSON.stringify(raw)}`);
  },
};

const version: Setting<string | undefined> = {
  ...(anything(
    'How a model is written where its content does not tell (`v1alpha1`, `v1alpha2`, `v1beta1`, `profile`), or the KubeEdge release (`"1.17"`), which also says whether topics name the namespace.',
    {example: '1.17'},
  ) as Setting<string | undefined>),
  read(raw) {
    if (typeof raw === 'string') return raw;
    // YAML reads 1.20 as 1.2: only digits that survive are taken.
    if (typeof raw === 'number' && /^\d\.\d\d$/.test(String(raw))) return String(raw);
    throw new Error(`expected a string such as "1.17" (with quotes) or v1beta1, got ${JSON.stringify(raw)}`);
  },
};

/** Settings of a source's conf key that type its messages by KubeEdge device models. */
export const kubeedgeSettings = {
  kubeedgeModelFile: modelFile,
  kubeedgeVersion: version,
  kubeedgeTopics: oneOf(
    ['both', 'exact'],
    'Whether a DATASOURCE `…/device/+/…` also subscribes to `…/device/+/+/…`, the topics of KubeEdge 1.16.2 and later (`both`), or only to what it says (`exact`).',
    {default: 'both'},
  ),
  kubeedgeTopicTemplates: textList(
    "Topics of devices that differ from KubeEdge's own, tried before those: `{device}` and `{namespace}` stand for one segment each, `+` for any one.",
    {example: ['factory/{namespace}/{device}/data']},
  ),
  kubeedgeFlatten: flag(
    'Whether the values inside `twin` and `data` become columns of their own. Without it such a message stays as it came.',
    {default: true},
  ),
  kubeedgeExpected: flag(
    'Whether columns show what the cloud expects of a twin (`expected`) instead of what the device reports (`actual`).',
  ),
  kubeedgeCheckRange: flag('Whether a number outside the minimum and maximum of its model counts as a bad value.'),
  onBadValue: oneOf(
    ['drop', 'null', 'error'],
    'What becomes of a value that does not fit its device model: the column is left out, is null, or the whole message is refused. Each is counted in the status of the rule.',
    {default: 'drop'},
  ),
} as const;

export type KubeedgeSettings = SettingsOf<typeof kubeedgeSettings>;

/** Whether a conf key's properties ask for device models. */
export function namesDeviceModels(properties: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(properties).some(
    ([name, value]) =>
      name.toLowerCase() === 'kubeedgemodelfile' && value !== '' && value !== null && value !== undefined && !isEmptyList(value),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
