// A load generator over npm's ws: each connection keeps one message under way. Prints what it measured as JSON.
import WebSocket from 'ws';

const [uri, connections, warmUp, seconds, payload] = process.argv.slice(2);
const text = 'x'.repeat(Number(payload));
const latencies = [];
let measuring = false;

function connect() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(uri, { perMessageDeflate: false });
    let sent;
    socket.sendNow = () => {
      sent = process.hrtime.bigint();
      socket.send(text);
    };
    socket.on('open', () => resolve(socket));
    socket.on('error', reject);
    socket.on('message', (data) => {
      if (data.length !== text.length) throw new Error('not the echo');
      if (measuring) latencies.push(Number(process.hrtime.bigint() - sent) / 1000);
      socket.sendNow();
    });
  });
}

const sockets = [];
for (let i = 0; i < Number(connections); i++) sockets.push(await connect());
for (const socket of sockets) socket.sendNow();
await new Promise((resolve) => setTimeout(resolve, Number(warmUp) * 1000));
measuring = true;
const from = process.hrtime.bigint();
const cpu = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
measuring = false;
const took = Number(process.hrtime.bigint() - from) / 1e9;
const used = process.cpuUsage(cpu);
latencies.sort((a, b) => a - b);
const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
console.log(
  JSON.stringify({
    answersPerSecond: latencies.length / took,
    p50Us: at(0.5),
    p99Us: at(0.99),
    cpu: (used.user + used.system) / 1e6 / took,
  }),
);
process.exit(0);
