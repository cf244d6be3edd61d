import {ArrokothError, messageOf} from '#engine/base/errors.ts';
import {sendJson} from '../answers.ts';
import type {BulkOutcome} from '../contract/rule-answers.ts';
import {readObject, readStrings} from '../request-body.ts';
import type {ApiRequest, Route, ServerParts} from '../route.ts';

/** Rules found by their tags. */
export function ruleTagRoutes({rules}: ServerParts): readonly Route[] {
  /** Ids of the rules that hold every tag of the body. */
  const matching = (request: ApiRequest): readonly string[] => {
    const tags = readStrings(readObject(request.body, 'decode body error'), 'tags', 'decode body error');
    return rules
      .list()
      .filter(rule => tags.every(tag => rule.tags?.includes(tag)))
      .map(({id}) => id);
  };
  const bulk = (verb: 'start' | 'stop'): Route => ({
    method: 'POST',
    path: `/rules/bulk${verb}`,
    summary: `${verb === 'start' ? 'Starts' : 'Stops'} every rule that has all of the \`tags\`.`,
    isSpecialCase: true,
    async answer(request, reply) {
      const ids = matching(request);
      if (ids.length === 0) throw new ArrokothError(`bulk ${verb} failed: no matching rules`);
      const outcomes: BulkOutcome[] = [];
      for (const ruleId of ids) {
        try {
          await rules[verb](ruleId);
          outcomes.push({ruleId, success: true});
        } catch (thrown) {
          outcomes.push({ruleId, success: false, error: messageOf(thrown)});
        }
      }
      return sendJson(reply, outcomes);
    },
  });
  return [
    {
      method: 'GET',
      path: '/rules/tags/match',
      summary: 'Rules that have all of the `tags` in the body.',
      answer(request, reply) {
        const ids = matching(request);
        return sendJson(reply, ids.length === 0 ? {} : {rules: ids});
      },
    },
    bulk('start'),
    bulk('stop'),
  ];
}
