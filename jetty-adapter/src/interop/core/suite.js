// The edge between browsers and a SIP core: Kamailio as registrar and proxy, reached over UDP, over TCP, and, with the
// edge as its client, over Kamailio's own WebSocket module; sipp as a phone of the core; JsSIP in headless Chromium.
//
// Starts all of them itself, the edge by the command in INTEROP_EDGE.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { connect as connectTcp, createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Checks, home, same, within } from '../lib/checks.js';
import { PATIENCE, Phones } from '../lib/phones.js';

const DOMAIN = 'millrace.test';
const here = path.dirname(fileURLToPath(import.meta.url));
const reports = path.join(home, 'core');
const EDGE = process.env.INTEROP_EDGE ?? path.resolve(here, '../../../../millrace');

/** A port that is free for UDP and TCP. */
async function freePort() {
  for (;;) {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address();
    const socket = createSocket('udp4');
    const free = await new Promise((resolve) => {
      socket.once('error', () => resolve(false));
      socket.bind(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (free) {
      await new Promise((resolve) => socket.close(resolve));
      return port;
    }
  }
}

/** A process whose output goes to a file of the reports. */
class Program {
  constructor(name, command, parameters, environment = {}) {
    const log = path.join(reports, `${name}.log`);
    writeFileSync(log, '', { flag: 'a' }); // the stream opens it later
    const out = createWriteStream(log, { flags: 'a' });
    this.log = log;
    this.process = spawn(command, parameters, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: reports,
      detached: true, // a group of its own, which ends as a whole
    });
    this.process.stdout.pipe(out, { end: false });
    this.process.stderr.pipe(out, { end: false });
    this.ended = new Promise((resolve) => this.process.once('close', (code) => resolve(code)));
    running.add(this);
    this.ended.then(() => running.delete(this));
  }

  /** SIGKILL is for all that it has started, too. */
  kill(signal) {
    if (signal !== 'SIGKILL') {
      this.process.kill(signal);
      return;
    }
    try {
      process.kill(-this.process.pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') {
        throw error;
      }
    }
  }

  async end(signal = 'SIGTERM') {
    this.kill(signal);
    return within(PATIENCE, `end of ${this.process.spawnfile}`, this.ended);
  }
}

const running = new Set();

/** Tries until it comes true. */
async function until(what, condition, millis = PATIENCE) {
  const deadline = Date.now() + millis;
  for (;;) {
    const value = await condition();
    if (value) {
      return value;
    }
    if (Date.now() > deadline) {
      throw new Error(`no ${what} within ${millis} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function startKamailio() {
  const kamailio = new Program('kamailio', '/usr/sbin/kamailio', [
    ...['-DD', '-E', '-m', '64', '-M', '8', '-f', path.join(here, 'kamailio.cfg')],
    ...['-A', `PORT=${ports.core}`, '-A', `WS_PORT=${ports.coreWs}`, '-A', `CTL="unix:${reports}/kamailio.ctl"`],
    ...['-Y', reports],
  ]);
  await until('Kamailio', () => accepts(ports.coreWs));
  return kamailio;
}

async function startEdge() {
  const edge = new Program('edge', EDGE, ['serve', '-c', path.join(here, 'edge.conf')], {
    CORE_PORT: ports.core,
    CORE_WS_PORT: ports.coreWs,
    EDGE_CORE_PORT: ports.edge,
    EDGE_WS_PORT: ports.edgeWs,
  });
  edge.url = await until(
    'edge',
    () => {
      const [, url] = /^ {2}ws: (ws:\/\/[^/]+)\//m.exec(readFileSync(edge.log, 'utf8')) ?? [];
      return url;
    },
    6 * PATIENCE,
  );
  return edge;
}

/** A phone of the core. Resolves when its scenario has come to its end, and fails if it was another one. */
class Sipp {
  static count = 0;

  constructor(scenario, { port, user = 'core' }) {
    this.scenario = scenario;
    const name = `sipp-${++Sipp.count}-${scenario}`;
    this.program = new Program(name, 'sipp', [
      ...['-sf', path.join(here, 'sipp', `${scenario}.xml`), '-s', user, '-i', '127.0.0.1', '-p', `${port}`],
      ...['-m', '1', '-timeout', '25s', '-timeout_error', '-nostdin', '-t', 'u1'],
      ...['-trace_err', '-error_file', path.join(reports, `${name}.errors`)],
      ...['-trace_msg', '-message_file', path.join(reports, `${name}.messages`)],
      `127.0.0.1:${ports.core}`,
    ]);
  }

  async done() {
    const code = await within(3 * PATIENCE, `end of sipp's ${this.scenario}`, this.program.ended);
    same(code, 0, `exit code of sipp's ${this.scenario}`);
  }
}

/** What a browser and the core do with each other over one way of the edge to the core. */
async function exchange(checks, way, phones, url, port) {
  const check = (name, body) => checks.check(`${way} ${name}`, body, 5 * PATIENCE);
  const context = await phones.browser.newContext();
  const user = `browser-${way}`;
  const desk = `desk-${way}`;
  const deskUri = `sip:${desk}@${DOMAIN}`;
  const toBrowser = (scenario) => new Sipp(scenario, { port, user });
  const atDesk = (scenario) => new Sipp(scenario, { port, user: desk });
  let phone = await phones.open(context, 'jssip', user);

  const there = await check('REGISTER of both', async () => {
    await phone.tell('start', `${url}/${way}`, phone.uri);
    await phone.hears('registered');
    await atDesk('registers').done();
  });
  if (!there) {
    await context.close();
    return;
  }

  await check('MESSAGE to the core', async () => {
    const called = atDesk('messaged');
    same(await phone.tell('message', deskUri, 'Grüße 😀'), 200, 'status');
    await called.done();
  });

  await check('MESSAGE of the core', async () => {
    const sent = toBrowser('messages');
    same((await phone.hears('message')).text.trimEnd(), 'Hello from the core', 'text');
    await sent.done();
  });

  await check('call to the core, BYE of the browser', async () => {
    const called = atDesk('called');
    await phone.tell('call', deskUri);
    same(await phone.hears('ringing'), 180, 'status');
    await phone.hears('established');
    await phone.tell('hangUp');
    await phone.hears('ended');
    await called.done();
  });

  await check('call to the core, BYE of the core', async () => {
    const called = atDesk('called-bye');
    await phone.tell('call', deskUri);
    await phone.hears('established');
    same((await phone.hears('ended')).originator, 'remote', 'who hung up');
    await called.done();
  });

  await check('call to the core, re-INVITE of the browser: held and resumed', async () => {
    const called = atDesk('called-hold');
    await phone.tell('call', deskUri);
    await phone.hears('established');
    await phone.tell('hold');
    await phone.tell('resume');
    await phone.tell('hangUp');
    await phone.hears('ended');
    await called.done();
  });

  await check('CANCEL of the browser', async () => {
    const called = atDesk('called-cancel');
    phone.forget(); // that others have rung
    await phone.tell('call', deskUri);
    same(await phone.hears('ringing'), 180, 'status');
    await phone.tell('cancel');
    same((await phone.hears('failed')).cause, 'Canceled', 'cause');
    await called.done();
  });

  await check('call of the core with a re-INVITE, BYE of the core', async () => {
    const caller = toBrowser('calls');
    same(await phone.hears('incoming'), 'core', 'caller');
    await phone.tell('answer');
    await phone.hears('established');
    same((await phone.hears('ended')).originator, 'remote', 'who hung up');
    await caller.done();
  });

  await check('call of the core, BYE of the browser', async () => {
    const caller = toBrowser('calls-called-bye');
    await phone.hears('incoming');
    await phone.tell('answer');
    await phone.hears('established');
    await phone.tell('hangUp');
    await phone.hears('ended');
    await caller.done();
  });

  await check('CANCEL of the core', async () => {
    const caller = toBrowser('calls-cancel');
    await phone.hears('incoming');
    same((await phone.hears('failed')).cause, 'Canceled', 'cause');
    await caller.done();
  });

  await check('de-REGISTER: 404', async () => {
    await phone.tell('unregister');
    await phone.hears('unregistered');
    await toBrowser('calls-404').done();
  });

  await check('REGISTER again', async () => {
    await phone.tell('register');
    await phone.hears('registered');
    const sent = toBrowser('messages');
    await phone.hears('message');
    await sent.done();
  });

  await check('browser killed in a call: BYE of the core gets 430, and so does the next INVITE', async () => {
    const caller = toBrowser('calls-lost');
    await phone.hears('incoming');
    await phone.tell('answer');
    await phone.hears('established');
    await phone.page.close();
    await caller.done();
    await toBrowser('calls-430').done();
  });

  await check('core killed and restarted', async () => {
    phone = await phones.open(context, 'jssip', `${user}-again`);
    await phone.tell('start', `${url}/${way}`, phone.uri);
    await phone.hears('registered');
    await kamailio.end('SIGKILL');
    kamailio = await startKamailio();
    // Its registrations were in memory. A TCP or WebSocket connection of the edge to it was lost as well.
    await until('registration', async () => {
      await phone.tell('register');
      return new Sipp('messages', { port, user: `${user}-again` }).done().then(
        () => true,
        () => false, // 404
      );
    }, 4 * PATIENCE);
    await phone.hears('message');
  });

  await context.close();
}

// Whoever ends this ends all that it has started.
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    for (const program of running) {
      program.kill('SIGKILL');
    }
    process.exit(1);
  });
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const checks = new Checks('core');
const ports = { core: await freePort(), coreWs: await freePort(), edge: await freePort(), edgeWs: await freePort() };
const deskPort = await freePort();
const ways = (process.env.INTEROP_WAYS ?? 'udp tcp ws').split(' ');
let kamailio;
let phones;
let edge;

try {
  kamailio = await startKamailio();
  edge = await startEdge();
  phones = await Phones.launch('core-browser', ['jssip'], DOMAIN);
  for (const way of ways) {
    await exchange(checks, way, phones, process.env.INTEROP_DIRECT ?? edge.url, deskPort);
  }
  await checks.check('the edge ends well', async () => {
    same(await edge.end(), 0, 'exit code');
    same(/ ERROR /.test(readFileSync(edge.log, 'utf8')), false, 'an error in its log');
  });
} finally {
  await phones?.close();
  for (const program of running) {
    program.kill('SIGKILL');
  }
}

checks.finish();
