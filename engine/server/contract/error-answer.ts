/**
 * Body of every refused request: status 404 when `error` is 1002, otherwise 400. Content type text/plain, a line break at the end. `message` is
 * quoted as Go quotes strings, which is JSON but for rare control characters.
 */
export interface ErrorAnswer {
  readonly error: number;
  readonly message: string;
}
