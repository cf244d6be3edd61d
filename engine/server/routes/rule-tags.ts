import {ArrokothError, messageOf} from '#engine/base/errors.ts';
import {prefixed, sendJson, sendText} from '../answers.ts';
import type {BulkOutcome} from '../contract/rule-answers.ts';
import {readObject, readStrings} from '../request-body.ts';
import type {ApiRequest, Route, ServerParts} from '../route.ts';
import {ruleId} from './rules.ts';

/** The tags of a rule, and rules found by theirs. */
export function ruleTagRoutes({rules}: ServerParts): readonly Route[] {
  /** Ids of the rules that hold every tag of the body. */
  const matching = (request: ApiRequest): readonly string[] => {
    const tags = tagsOf(request);
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
  const retagging = (
    method: 'PUT' | 'PATCH' | 'DELETE',
    summary: string,
    change: (held: readonly string[], given: readonly string[]) => readonly string[],
  ): Route => ({
    method,
    path: '/rules/:id/tags',
    summary,
    async answer(request, reply) {
      const id = ruleId(request);
      const given = tagsOf(request);
      await prefixed('update rule labels error', () => rules.retag(id, held => change(held, given)));
      return sendText(reply, '');
    },
  });
  return [
    retagging('PUT', 'Replaces the tags of a rule by the `tags` of the body.', (_, given) => given),
    retagging('PATCH', 'Adds the `tags` of the body to those of a rule.', (held, given) => [...new Set([...held, ...given])]),
    retagging('DELETE', 'Removes the `tags` of the body from those of a rule.', (held, given) => held.filter(tag => !given.includes(tag))),
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

function tagsOf({body}: ApiRequest): readonly string[] {
  return readStrings(readObject(body, 'decode body error'), 'tags', 'decode body error');
}
