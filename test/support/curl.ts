/** A request as a curl command asks for it. */
export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
}

/** Reads the options that the pages use; any other is an error. */
export function curlRequest(words: readonly string[]): CurlRequest {
  let method: string | undefined;
  let url: string | undefined;
  let body: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '-X') method = words[++i];
    else if (word === '-d') body = words[++i];
    else if (word === '-s') continue;
    else if (word.startsWith('-') || url !== undefined) throw new Error(`curl ${words.join(' ')}: "${word}" is not known here`);
    else url = word;
  }
  if (url === undefined) throw new Error(`curl ${words.join(' ')}: no address`);
  return {method: method ?? (body === undefined ? 'GET' : 'POST'), url: url.includes('://') ? url : `http://${url}`, body};
}
