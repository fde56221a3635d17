// Phones in headless Chromium, made of JsSIP and of SIP.js, that register with the edge and call each other.

import { Checks, same, transports } from '../lib/checks.js';
import { PATIENCE, Phones, connect, ring } from '../lib/phones.js';

const DOMAIN = process.env.INTEROP_DOMAIN ?? 'millrace.test';

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
async function echo(checks, transport, url, phones) {
  const page = await phones.browser.newPage();
  await page.goto(`${phones.origin}/`);
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

const checks = new Checks('browser');
const libraries = ['jssip', 'sipjs'];
const phones = await Phones.launch('browser', libraries, DOMAIN);

try {
  for (const [transport, url] of transports) {
    await echo(checks, transport, url, phones);
    for (const caller of libraries) {
      for (const called of libraries) {
        const context = await phones.browser.newContext();
        const first = await phones.open(context, caller, `${transport}-${caller}-to-${called}`);
        const second = await phones.open(context, called, `${transport}-${called}-from-${caller}`);
        await exchange(checks, `${transport} ${caller} to ${called}:`, url, first, second);
        await context.close();
      }
    }
  }
} finally {
  await phones.close();
}

checks.finish();
