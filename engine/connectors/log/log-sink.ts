import {defineSink} from '../connector.ts';
import {payloadText} from '../payload-text.ts';

export const logSink = defineSink({
  name: 'log',
  summary: "Writes each result to the engine's log, at level info.",
  settings: {},
  accepts: 'bytes',
  create: (_settings, {logger, ruleId}) => ({
    open: listener => listener.connection({state: 1, message: ''}),
    write: messages => {
      for (const message of messages) logger.info(`sink result for rule ${ruleId}: ${payloadText(message)}`);
    },
    close: async () => {},
  }),
});
