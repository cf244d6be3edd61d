import {flag} from '#engine/base/settings.ts';
import {defineSink} from '../connector.ts';
import {payloadText} from '../payload-text.ts';

export const nopSink = defineSink({
  name: 'nop',
  summary: 'Discards results: for measuring and for trying rules.',
  settings: {log: flag('Whether each result is logged before it is discarded.')},
  accepts: 'bytes',
  create: ({log}, {logger}) => ({
    // No peer, no connection to tell of.
    open() {},
    write: messages => {
      if (log) for (const message of messages) logger.info(`nop sink receives ${payloadText(message)}`);
    },
    close: async () => {},
  }),
});
