import {totalmem} from 'node:os';
import {sendJson, sendText} from '../answers.ts';
import type {RootAnswer} from '../contract/server-answers.ts';
import type {Route, ServerParts} from '../route.ts';

/** Go's names of processors. */
const architectures: Readonly<Record<string, string>> = {x64: 'amd64', ia32: '386', arm64: 'arm64', arm: 'arm', ppc64: 'ppc64le'};

export function rootRoutes({version, clock, onStop}: ServerParts): readonly Route[] {
  const startedAt = clock.now();
  let measured = {cpu: process.cpuUsage(), at: startedAt};

  const root = (): RootAnswer => {
    const at = clock.now();
    const {user, system} = process.cpuUsage(measured.cpu);
    const percent = at > measured.at ? (user + system) / 10 / (at - measured.at) : 0;
    measured = {cpu: process.cpuUsage(), at};
    return {
      version,
      os: process.platform,
      arch: architectures[process.arch] ?? process.arch,
      upTimeSeconds: Math.floor((at - startedAt) / 1000),
      cpuUsage: `${percent.toFixed(2)}%`,
      memoryUsed: String(process.memoryUsage.rss()),
      memoryTotal: String(availableMemory()),
    };
  };
  // The body is eKuiper's; the header is how the runner knows whose SQL this engine reads.
  const answerRoot: Route['answer'] = (_request, reply) => sendJson(reply.header('server', `arrokoth/${version}`), root());
  const stop: Route['answer'] = (_request, reply) => {
    reply.raw.on('finish', onStop);
    return sendText(reply, 'stop success');
  };
  return [
    {method: 'GET', path: '/', summary: 'Version, machine and load of the engine.', answer: answerRoot},
    {method: 'POST', path: '/', summary: 'As GET.', answer: answerRoot},
    {method: 'GET', path: '/ping', summary: 'Whether the engine answers: an empty 200.', answer: (_request, reply) => reply.send()},
    {method: 'GET', path: '/stop', summary: 'As POST.', answer: stop},
    {method: 'POST', path: '/stop', summary: 'Ends the process once the answer is sent.', answer: stop},
  ];
}

/** The container's limit where there is one. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
