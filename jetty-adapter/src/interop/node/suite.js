// The npm package ws as a client of the echo path: sizes, fragments, control frames, closing.

import { randomBytes } from 'node:crypto';
import { Checks, need, same, transports, within } from '../lib/checks.js';

const WebSocket = need('ws');

const SIZES = [0, 1, 125, 126, 127, 65535, 65536, 65537, 1024 * 1024];
const PATIENCE = 30_000;

/** A client that keeps what arrives, so that nothing is missed between two waits. */
class Client {
  #arrived = [];
  #waiting = [];

  constructor(url, protocols = ['echo']) {
    this.socket = new WebSocket(url, protocols, {
      rejectUnauthorized: false,
      perMessageDeflate: false,
      handshakeTimeout: PATIENCE,
    });
    for (const type of ['message', 'pong', 'ping', 'close', 'error']) {
      this.socket.on(type, (first, second) => this.#arrive({ type, first, second }));
    }
    this.opened = new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
    this.opened.catch(() => {});
  }

  #arrive(event) {
    const waiter = this.#waiting.shift();
    if (waiter) {
      waiter(event);
    } else {
      this.#arrived.push(event);
    }
  }

  /** The next event, which has to be of this type. */
  async next(type) {
    const event =
      this.#arrived.shift() ??
      (await within(PATIENCE, type, new Promise((resolve) => this.#waiting.push(resolve))));
    if (event.type !== type) {
      throw new Error(`${describe(event)} instead of ${type}`);
    }
    return event;
  }

  async echo(payload, binary) {
    const { first, second } = await this.next('message');
    same(second, binary, 'binary');
    same(first.length, payload.length, 'length of the echo');
    same(Buffer.compare(first, payload), 0, 'difference of the echo');
  }

  async closed(code, reason) {
    const { first, second } = await this.next('close');
    same(first, code, 'close code');
    if (reason !== undefined) {
      same(second.toString(), reason, 'close reason');
    }
  }
}

function describe({ type, first, second }) {
  switch (type) {
    case 'close':
      return `close ${first} "${second}"`;
    case 'error':
      return `error "${first.message}"`;
    default:
      return `${type} of ${first.length} bytes`;
  }
}

/** Text of so many bytes with characters of one to four bytes. */
function text(size) {
  const pattern = Buffer.from('aä€😀');
  const whole = Math.floor(size / pattern.length) * pattern.length;
  return Buffer.concat([Buffer.alloc(whole, pattern), Buffer.alloc(size - whole, 'z')]);
}

const checks = new Checks('node');

for (const [transport, url] of transports) {
  const echo = `${url}/echo`;

  const check = (name, body) => checks.check(`${transport} ${name}`, body);

  const open = async (...args) => {
    const client = new Client(echo, ...args);
    await client.opened;
    return client;
  };

  /** A check on a connection of its own, which has to be in order at the end. */
  const connected = (name, body) =>
    check(name, async () => {
      const client = await open();
      try {
        await body(client);
        client.socket.close(1000);
        await client.closed(1000);
      } finally {
        client.socket.terminate();
      }
    });

  /** A check in which the connection ends by itself. */
  const ending = (name, body) =>
    check(name, async () => {
      const client = await open();
      try {
        await body(client);
      } finally {
        client.socket.terminate();
      }
    });

  await connected('agrees to sub-protocol echo and to no extension', async (client) => {
    same(client.socket.protocol, 'echo', 'sub-protocol');
    same(client.socket.extensions, '', 'extensions');
  });

  await check('takes the sub-protocol that it knows from a list', async () => {
    const client = await open(['unknown.example', 'echo']);
    client.socket.terminate();
    same(client.socket.protocol, 'echo', 'sub-protocol');
  });

  await check('refuses a sub-protocol that it does not know', async () => {
    const client = new Client(echo, ['unknown.example']);
    const refused = await client.opened.then(
      () => 'opened',
      (error) => error.message,
    );
    client.socket.terminate();
    same(refused, 'Unexpected server response: 400', 'answer');
  });

  await check('offers sip at /', async () => {
    const client = new Client(`${url}/`, ['sip']);
    await client.opened;
    same(client.socket.protocol, 'sip', 'sub-protocol');
    client.socket.close(1000);
    await client.closed(1000);
  });

  for (const size of SIZES) {
    await connected(`text of ${size} bytes`, async (client) => {
      const payload = text(size);
      client.socket.send(payload, { binary: false });
      await client.echo(payload, false);
    });
    await connected(`binary of ${size} bytes`, async (client) => {
      const payload = randomBytes(size);
      client.socket.send(payload, { binary: true });
      await client.echo(payload, true);
    });
  }

  for (const binary of [false, true]) {
    const kind = binary ? 'binary' : 'text';

    await connected(`${kind} in fragments, with a ping between them`, async (client) => {
      const payload = text(1000);
      // 333 and 666 lie within characters.
      client.socket.send(payload.subarray(0, 333), { binary, fin: false });
      client.socket.ping('between');
      client.socket.send(payload.subarray(333, 666), { binary, fin: false });
      client.socket.send(payload.subarray(666), { binary, fin: true });
      same((await client.next('pong')).first.toString(), 'between', 'pong');
      await client.echo(payload, binary);
    });

    await connected(`${kind} in fragments, first and last of them empty`, async (client) => {
      const payload = text(300);
      client.socket.send('', { binary, fin: false });
      client.socket.send(payload, { binary, fin: false });
      client.socket.send('', { binary, fin: true });
      await client.echo(payload, binary);
    });

    await connected(`${kind} of 1 MiB in fragments of 16 KiB`, async (client) => {
      const payload = text(1024 * 1024);
      for (let at = 0; at < payload.length; at += 16384) {
        const fin = at + 16384 >= payload.length;
        client.socket.send(payload.subarray(at, at + 16384), { binary, fin });
      }
      await client.echo(payload, binary);
    });
  }

  await connected('1000 messages at once, in order', async (client) => {
    for (let i = 0; i < 1000; i++) {
      client.socket.send(`message ${i}`);
    }
    for (let i = 0; i < 1000; i++) {
      await client.echo(Buffer.from(`message ${i}`), false);
    }
  });

  for (const size of [0, 1, 125]) {
    await connected(`ping of ${size} bytes`, async (client) => {
      const payload = randomBytes(size);
      client.socket.ping(payload);
      same(Buffer.compare((await client.next('pong')).first, payload), 0, 'difference of the pong');
    });
  }

  await connected('ten pings at once, in order', async (client) => {
    for (let i = 0; i < 10; i++) {
      client.socket.ping(`ping ${i}`);
    }
    for (let i = 0; i < 10; i++) {
      same((await client.next('pong')).first.toString(), `ping ${i}`, 'pong');
    }
  });

  await connected('a pong that nobody asked for', async (client) => {
    client.socket.pong('unasked');
    client.socket.send('after');
    await client.echo(Buffer.from('after'), false);
  });

  for (const code of [1000, 1001, 1003, 1008, 1011, 3000, 3999, 4000, 4999]) {
    await ending(`close with ${code} is answered with it`, async (client) => {
      client.socket.close(code, 'a reason: €');
      await client.closed(code);
    });
  }

  await ending('close without a code is answered without one', async (client) => {
    client.socket.close();
    await client.closed(1005, '');
  });

  await ending('close with a reason of 123 bytes', async (client) => {
    client.socket.close(4000, 'r'.repeat(123));
    await client.closed(4000);
  });

  await ending('messages sent before the close come back before it', async (client) => {
    const payload = text(100_000);
    client.socket.send(payload, { binary: false });
    client.socket.close(1000);
    await client.echo(payload, false);
    await client.closed(1000);
  });

  await ending('a frame without a mask: 1002', async (client) => {
    client.socket.send('bare', { mask: false });
    await client.closed(1002);
  });

  await ending('text that is not UTF-8: 1007', async (client) => {
    client.socket.send(Buffer.from([0x68, 0xff, 0x69]), { binary: false });
    await client.closed(1007);
  });

  await ending('text that ends within a character: 1007', async (client) => {
    client.socket.send(Buffer.from([0xe2, 0x82]), { binary: false });
    await client.closed(1007);
  });

  await ending('a fragment of UTF-8 that can not become right: 1007 before the end', async (client) => {
    client.socket.send(Buffer.from([0xed, 0xa0]), { binary: false, fin: false });
    await client.closed(1007);
  });

  await check('100 connections at once', async () => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => open()));
    try {
      clients.forEach((client, i) => client.socket.send(`to ${i}`));
      await Promise.all(clients.map((client, i) => client.echo(Buffer.from(`to ${i}`), false)));
      clients.forEach((client) => client.socket.close(1000));
      await Promise.all(clients.map((client) => client.closed(1000)));
    } finally {
      clients.forEach((client) => client.socket.terminate());
    }
  });
}

checks.finish();
