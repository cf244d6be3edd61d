import {messageOf} from '#engine/base/errors.ts';
import {checkIdentifier} from '#engine/catalog/identifier.ts';
import {prefixed, sendJson, sendJsonText, sendSniffedJson, sendText} from '../answers.ts';
import type {RuleEntry, ValidationAnswer} from '../contract/rule-answers.ts';
import type {ApiRequest, Route, ServerParts} from '../route.ts';

/** Rules as declared: create, list, describe, update, drop, validate. */
export function ruleRoutes({rules}: ServerParts): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/rules',
      summary: 'Every rule with its state.',
      answer: (_request, reply) => sendJson(reply, rules.list().map(entry)),
    },
    {
      method: 'POST',
      path: '/rules',
      summary: 'Creates a rule and starts it, unless `triggered` is false.',
      async answer(request, reply) {
        const id = await rules.create(textOf(request));
        return sendText(reply, `Rule ${id} was created successfully.`, 201);
      },
    },
    {
      method: 'POST',
      path: '/rules/validate',
      summary: 'Checks a rule without creating it; 422 with the reason.',
      isSpecialCase: true,
      answer(request, reply) {
        try {
          const {sources, warnings} = rules.validate(textOf(request));
          const answer: ValidationAnswer = {sources, valid: true, ...(warnings.length > 0 ? {warnings} : {})};
          return sendSniffedJson(reply, answer);
        } catch (thrown) {
          return sendText(reply, messageOf(thrown), 422);
        }
      },
    },
    {
      method: 'GET',
      path: '/rules/:id',
      summary: 'The rule as it was written.',
      async answer(request, reply) {
        const id = ruleId(request);
        const text = await prefixed('Describe rule error', () => rules.describe(id));
        return sendJsonText(reply, text);
      },
    },
    {
      method: 'PUT',
      path: '/rules/:id',
      summary: 'Replaces a rule, or creates it; a refused one leaves the old running.',
      async answer(request, reply) {
        const id = ruleId(request);
        await prefixed('Update rule error', () => rules.update(id, textOf(request)));
        return sendText(reply, `Rule ${id} was updated successfully.`);
      },
    },
    {
      method: 'DELETE',
      path: '/rules/:id',
      summary: 'Stops and removes a rule.',
      async answer(request, reply) {
        const id = ruleId(request);
        await prefixed('Delete rule error', () => rules.drop(id));
        return sendText(reply, `Rule ${id} is dropped.`);
      },
    },
  ];
}

/** The checked id in the path. */
export function ruleId(request: ApiRequest): string {
  const id = request.params['id']!;
  checkIdentifier(id);
  return id;
}

function textOf(request: ApiRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}

function entry({id, name, status, tags, trace, version}: RuleEntry): RuleEntry {
  return {id, name, status, tags, trace, version};
}
