// Tells what came of Autobahn's cases, group by group: summary.js REPORTS STATUS

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Checks } from '../lib/checks.js';

const [reports, status] = process.argv.slice(2);

// Cases without a right answer: data after a Close, and two close codes that the RFC leaves open.
const INFORMATIONAL = new Set(['7.1.6', '7.13.1', '7.13.2']);

function read(name) {
  try {
    return readFileSync(path.join(reports, name), 'utf8');
  } catch {
    return '';
  }
}

/** What a case came to: what was answered, then how the connection ended. */
function verdict(id, result) {
  if (!result) {
    return 'NOT RUN';
  }
  const right = (outcome) =>
    outcome === 'OK' || (outcome === 'INFORMATIONAL' && INFORMATIONAL.has(id));
  const { behavior, behaviorClose } = result;
  return right(behavior) && !right(behaviorClose) ? `closing ${behaviorClose}` : behavior;
}

const cases = read('cases').split('\n').filter(Boolean);
const results = JSON.parse(read('index.json') || '{}').edge ?? {};

const groups = new Map();
for (const id of cases) {
  const group = id.split('.')[0];
  groups.set(group, [...(groups.get(group) ?? []), { id, verdict: verdict(id, results[id]) }]);
}

const checks = new Checks('autobahn');

for (const [group, outcomes] of groups) {
  const passed = outcomes.filter(({ verdict }) => verdict === 'OK');
  const informational = outcomes.filter(({ id, verdict }) => verdict === 'INFORMATIONAL' && INFORMATIONAL.has(id));
  const wrong = outcomes.filter((outcome) => ![...passed, ...informational].includes(outcome));
  const counts = `${passed.length} of ${outcomes.length} cases passed, ${informational.length} informational`;
  await checks.check(`group ${group}: ${counts}`, () => {
    if (wrong.length > 0) {
      throw new Error(wrong.map(({ id, verdict }) => `${id} ${verdict}`).join(', '));
    }
  });
}

await checks.check('the fuzzing client came to its end', () => {
  if (status !== '0' || cases.length === 0 || cases.some((id) => !results[id])) {
    const end = read('log').trimEnd().split('\n').slice(-5).join('\n');
    throw new Error(`status ${status}; the end of its log:\n${end}`);
  }
});

checks.finish();
