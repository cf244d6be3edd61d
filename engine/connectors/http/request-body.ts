import type {SinkMessage} from '../connector.ts';
import {payloadBytes} from '../payload-text.ts';

export const bodyTypes = ['none', 'text', 'json', 'html', 'xml', 'javascript', 'form', 'binary', 'formdata'] as const;

export type BodyType = (typeof bodyTypes)[number];

const contentTypes: Readonly<Record<Exclude<BodyType, 'none' | 'formdata'>, string>> = {
  text: 'text/plain',
  json: 'application/json',
  html: 'text/html',
  xml: 'application/xml',
  javascript: 'application/javascript',
  form: 'application/x-www-form-urlencoded',
  binary: 'application/octet-stream',
};

/** The body of a request and its content type; undefined where the client makes it up or there is none. */
export function buildBody(
  bodyType: BodyType,
  message: SinkMessage,
  formData: Readonly<Record<string, string>>,
  fileFieldName: string,
): {readonly body: string | Buffer | FormData | undefined; readonly contentType: string | undefined} {
  if (bodyType === 'none') return {body: undefined, contentType: undefined};
  if (bodyType !== 'formdata')
    return {body: typeof message.payload === 'string' ? message.payload : payloadBytes(message), contentType: contentTypes[bodyType]};
  const form = new FormData();
  for (const [name, value] of Object.entries(formData)) form.append(name, value);
  if (fileFieldName !== '') form.append(fileFieldName, new Blob([new Uint8Array(payloadBytes(message))]), fileFieldName);
  return {body: form, contentType: undefined};
}
