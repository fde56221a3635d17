// Phones in headless Chromium, made of JsSIP and of SIP.js, that register with the edge and call each other.
//
// A phone is a page with an object "phone" (start, message, call, answer, reject, cancel, hangUp, hold, resume,
// unregister, register, stop) that tells what happens to it by report(type, detail).

import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Checks, home, need, same, transports, within } from '../lib/checks.js';

const { chromium } = need('playwright-core');
const esbuild = need('esbuild');

const DOMAIN = process.env.INTEROP_DOMAIN ?? 'millrace.test';
const PATIENCE = 30_000;

const here = path.dirname(fileURLToPath(import.meta.url));
const reports = path.join(home, 'browser');

/** Bundles the script of a phone with the library that it is made of. */
async function bundle(library) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(here, `${library}.js`)],
    nodePaths: [path.join(home, 'node_modules')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    define: { global: 'globalThis' },
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

class Phone {
  #reports = [];
  #wake = () => {};

  constructor(name, page) {
    this.name = name;
    this.page = page;
    this.uri = `sip:${name}@${DOMAIN}`;
  }

  /** A page with a phone; what it sends and receives goes to a file of the reports. */
  static async open(context, library, name) {
    const page = await context.newPage();
    const phone = new Phone(name, page);
    const log = path.join(reports, `${name}.log`);
    const note = (mark) => (data) =>
      appendFileSync(log, `${mark} ${new Date().toISOString()}\n${data?.payload ?? data?.message ?? data}\n`);
    writeFileSync(log, '');
    page.on('websocket', (socket) => {
      note('==')(socket.url());
      socket.on('framesent', note('>>'));
      socket.on('framereceived', note('<<'));
      socket.on('close', () => note('==')('closed'));
      socket.on('socketerror', note('!!'));
    });
    page.on('pageerror', note('!!'));
    page.on('console', (line) => note('--')(line.text()));
    await page.exposeFunction('report', (type, detail) => {
      note('**')(`${type} ${JSON.stringify(detail ?? null)}`);
      phone.#reports.push({ type, detail });
      phone.#wake();
    });
    await page.goto(`${origin}/${library}`);
    return phone;
  }

  tell(command, ...parameters) {
    return this.tellFor(PATIENCE, command, ...parameters);
  }

  tellFor(millis, command, ...parameters) {
    return within(
      millis,
      `end of ${command}`,
      this.page.evaluate(([command, parameters]) => window.phone[command](...parameters), [command, parameters]),
    );
  }

  /** Waits for a report of this type, in whatever order reports come, and returns its detail. */
  async hears(type) {
    const find = async () => {
      for (;;) {
        const at = this.#reports.findIndex((report) => report.type === type);
        if (at >= 0) {
          return this.#reports.splice(at, 1)[0].detail;
        }
        await new Promise((resolve) => {
          this.#wake = resolve;
        });
      }
    };
    try {
      return await within(PATIENCE, `report "${type}"`, find());
    } catch (failure) {
      const others = this.#reports.map((report) => `${report.type} ${JSON.stringify(report.detail ?? null)}`);
      throw new Error(`${this.name}: ${failure.message}; heard: ${others.join(', ') || 'nothing'}`);
    }
  }

  forget() {
    this.#reports = [];
  }
}

/** Rings at the other phone, and stays ringing. */
async function ring(from, to) {
  from.forget();
  to.forget();
  await from.tell('call', to.uri);
  same(await to.hears('incoming'), from.name, 'caller');
  same(await from.hears('ringing'), 180, 'status');
}

async function connect(from, to) {
  await ring(from, to);
  await to.tell('answer');
  await Promise.all([from, to].map((phone) => phone.hears('established')));
  await Promise.all([from, to].map((phone) => phone.hears('media')));
}

async function exchange(checks, title, url, first, second) {
  const check = (name, body) => checks.check(`${title} ${name}`, body, 4 * PATIENCE);

  const registered = await check('REGISTER', async () => {
    for (const phone of [first, second]) {
      await phone.tell('start', `${url}/`, phone.uri);
      await phone.hears('registered');
    }
  });
  if (!registered) {
    return;
  }

  await check('MESSAGE both ways', async () => {
    for (const [from, to] of [[first, second], [second, first]]) {
      const text = `Grüße von ${from.name} 😀`;
      same(await from.tell('message', to.uri, text), 200, 'status');
      const { from: sender, text: received } = await to.hears('message');
      same(sender, from.name, 'sender');
      same(received, text, 'text');
    }
  });

  await check('MESSAGE to nobody: 404 or 480', async () => {
    const status = await first.tell('message', `sip:nobody-here@${DOMAIN}`, 'hello?');
    same([404, 480].includes(status), true, `${status} being one of them`);
  });

  await check('INVITE with media, BYE of the caller', async () => {
    await connect(first, second);
    await first.tell('hangUp');
    await Promise.all([first, second].map((phone) => phone.hears('ended')));
  });

  await check('INVITE the other way, hold and resume, BYE of the called', async () => {
    await connect(second, first);
    await second.tell('hold');
    await first.hears('held');
    await second.tell('resume');
    await first.hears('resumed');
    await first.tell('hangUp');
    await Promise.all([first, second].map((phone) => phone.hears('ended')));
  });

  await check('CANCEL', async () => {
    await ring(first, second);
    await first.tell('cancel');
    same((await first.hears('failed')).cause, 'Canceled', "caller's cause");
    same((await second.hears('failed')).cause, 'Canceled', "called one's cause");
  });

  await check('INVITE that is rejected: 486', async () => {
    await ring(first, second);
    await second.tell('reject', 486);
    same((await first.hears('failed')).status, 486, 'status');
  });

  await check('MESSAGE of 60000 bytes', async () => {
    const text = 'Grüße 😀'.repeat(5000);
    same(await first.tell('message', second.uri, text), 200, 'status');
    same((await second.hears('message')).text === text, true, 'text as it was sent');
  });

  await check('de-REGISTER', async () => {
    await second.tell('unregister');
    await second.hears('unregistered');
    const status = await first.tell('message', second.uri, 'are you there?');
    same([404, 480].includes(status), true, `${status} being 404 or 480`);
  });

  await check('REGISTER again', async () => {
    await second.tell('register');
    await second.hears('registered');
    same(await first.tell('message', second.uri, 'here again?'), 200, 'status');
  });

  await check('MESSAGE to a phone whose page is gone: 404, 430 or 480', async () => {
    await first.page.close();
    // What reaches the edge before the end of the connection does is lost with it: nobody answers then.
    let status = 'no answer';
    for (let attempt = 0; attempt < 5 && ![404, 430, 480].includes(status); attempt++) {
      status = await second.tellFor(2000, 'message', first.uri, 'are you gone?').catch((late) => late.message);
    }
    same([404, 430, 480].includes(status), true, `${status} being one of them`);
  });

  await check('end', () => second.tell('stop'));
}

/** The browser's own WebSocket against the echo path. */
async function echo(checks, transport, url, browser) {
  const page = await browser.newPage();
  await page.goto(`${origin}/`);
  const check = (name, body, parameters = {}) =>
    checks.check(`${transport} WebSocket: ${name}`, () => page.evaluate(body, { url: `${url}/echo`, ...parameters }));

  await check('agrees to sub-protocol echo and to no extension', async ({ url }) => {
    const socket = new WebSocket(url, ['unknown.example', 'echo']);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error('not opened'));
    });
    if (socket.protocol !== 'echo' || socket.extensions !== '') {
      throw new Error(`protocol "${socket.protocol}", extensions "${socket.extensions}"`);
    }
    socket.close();
  });

  for (const size of [0, 125, 126, 65535, 65536, 1024 * 1024]) {
    for (const binary of [false, true]) {
      await check(`${binary ? 'binary' : 'text'} of ${size} bytes, close 4000`, async ({ url, size, binary }) => {
        const socket = new WebSocket(url, 'echo');
        socket.binaryType = 'arraybuffer';
        const echo = await new Promise((resolve, reject) => {
          socket.onopen = () => socket.send(binary ? new Uint8Array(size).fill(0xa5) : 'x'.repeat(size));
          socket.onmessage = ({ data }) => resolve(data);
          socket.onerror = () => reject(new Error('failed'));
        });
        const right = binary
          ? echo.byteLength === size && new Uint8Array(echo).every((byte) => byte === 0xa5)
          : echo === 'x'.repeat(size);
        if (!right) {
          throw new Error(`another echo, of ${binary ? echo.byteLength : echo.length}`);
        }
        const { code, wasClean } = await new Promise((resolve) => {
          socket.onclose = resolve;
          socket.close(4000, 'a reason');
        });
        if (code !== 4000 || !wasClean) {
          throw new Error(`closed with ${code}, ${wasClean ? '' : 'not '}clean`);
        }
      }, { size, binary });
    }
  }
  await page.close();
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const checks = new Checks('browser');
const libraries = ['jssip', 'sipjs'];
const bundles = Object.fromEntries(
  await Promise.all(libraries.map(async (library) => [library, await bundle(library)])),
);

// A page of localhost is a secure one, as getUserMedia asks for, may use ws all the same, and, unlike one that
// only seems to come from there, may open connections to this machine.
const server = createServer((request, response) => {
  const library = request.url.slice(1);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><title>${library}</title><script>${bundles[library] ?? ''}</script>`);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://localhost:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.INTEROP_CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: false,
  timeout: 120_000,
  args: [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--ignore-certificate-errors',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    // So that calls go through on a machine without any network.
    '--allow-loopback-in-peer-connection',
    '--disable-features=WebRtcHideLocalIpsWithMdns',
  ],
});

try {
  for (const [transport, url] of transports) {
    await echo(checks, transport, url, browser);
    for (const caller of libraries) {
      for (const called of libraries) {
        const context = await browser.newContext();
        const first = await Phone.open(context, caller, `${transport}-${caller}-to-${called}`);
        const second = await Phone.open(context, called, `${transport}-${called}-from-${caller}`);
        await exchange(checks, `${transport} ${caller} to ${called}:`, url, first, second);
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
}

checks.finish();
