// Compares the medians of both generators. Arguments: ours.json... -- theirs.json...
import { readFileSync } from 'node:fs';

const most = 0.15;
const files = process.argv.slice(2);
const split = files.indexOf('--');
const read = (names) => names.map((name) => JSON.parse(readFileSync(name, 'utf8')));
const ours = read(files.slice(0, split)).map((r) => [r.answersPerSecond, r.total.latency.p50Us, r.total.latency.p99Us]);
const theirs = read(files.slice(split + 1)).map((r) => [r.answersPerSecond, r.p50Us, r.p99Us]);

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

['answers a second', 'latency p50, us', 'latency p99, us'].forEach((what, i) => {
  const [a, b] = [ours, theirs].map((rounds) => median(rounds.map((round) => round[i])));
  console.log(`${what}: bench load ${a.toFixed(1)}, ws ${b.toFixed(1)}, ratio ${(a / b).toFixed(3)}`);
});
const ratio = median(ours.map((r) => r[0])) / median(theirs.map((r) => r[0]));
const ok = Math.abs(ratio - 1) <= most;
console.log(`${ok ? 'ok' : 'not ok'} throughput: within ${most * 100} % of each other`);
process.exit(ok ? 0 : 1);
