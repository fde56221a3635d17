// Phones in headless Chromium.
//
// A phone is a page with an object "phone" (start, message, call, answer, reject, cancel, hangUp, hold, resume,
// unregister, register, stop) that tells what happens to it by report(type, detail).

import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { home, need, same, within } from './checks.js';

const { chromium } = need('playwright-core');
const esbuild = need('esbuild');

/** How long a phone is waited for, in milliseconds. */
export const PATIENCE = 30_000;

const scripts = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../browser');

/** Bundles the script of a phone with the library that it is made of. */
async function bundle(library) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(scripts, `${library}.js`)],
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

export class Phone {
  #reports = [];
  #wake = () => {};

  constructor(name, page, domain) {
    this.name = name;
    this.page = page;
    this.uri = `sip:${name}@${domain}`;
  }

  /** A page with a phone; what it sends and receives goes to a file of the reports. */
  static async open(phones, context, library, name) {
    const page = await context.newPage();
    const phone = new Phone(name, page, phones.domain);
    const log = path.join(phones.reports, `${name}.log`);
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
    await page.goto(`${phones.origin}/${library}`);
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

/** A browser, and a page for each library that phones are made of. */
export class Phones {
  /**
   * @param suite names the folder of the reports.
   * @param domain of the phones' addresses.
   */
  static async launch(suite, libraries, domain) {
    const phones = new Phones();
    phones.domain = domain;
    phones.reports = path.join(home, suite);
    rmSync(phones.reports, { recursive: true, force: true });
    mkdirSync(phones.reports, { recursive: true });
    const bundles = Object.fromEntries(
      await Promise.all(libraries.map(async (library) => [library, await bundle(library)])),
    );
    // A page of localhost is a secure one, as getUserMedia asks for, may use ws all the same, and, unlike one that
    // only seems to come from there, may open connections to this machine.
    phones.server = createServer((request, response) => {
      const library = request.url.slice(1);
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html><title>${library}</title><script>${bundles[library] ?? ''}</script>`);
    });
    await new Promise((resolve) => phones.server.listen(0, '127.0.0.1', resolve));
    phones.origin = `http://localhost:${phones.server.address().port}`;

    phones.browser = await chromium.launch({
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
    return phones;
  }

  open(context, library, name) {
    return Phone.open(this, context, library, name);
  }

  async close() {
    await this.browser.close();
    this.server.close();
  }
}

/** Rings at the other phone, and stays ringing. */
export async function ring(from, to) {
  from.forget();
  to.forget();
  await from.tell('call', to.uri);
  same(await to.hears('incoming'), from.name, 'caller');
  same(await from.hears('ringing'), 180, 'status');
}

export async function connect(from, to) {
  await ring(from, to);
  await to.tell('answer');
  await Promise.all([from, to].map((phone) => phone.hears('established')));
  await Promise.all([from, to].map((phone) => phone.hears('media')));
}
