'use strict';

/** Two SIP clients side by side, over the WebSocket of this very server. */

const MOST_MESSAGES = 200;
const SERVER = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/`;
const DOMAIN = location.hostname;

/** Media for a call: a stream to send, if any. */
const Media = {
  /** A soft tone, which needs no permission and does not howl when both clients are on one table. */
  tone() {
    const context = new AudioContext();
    const oscillator = context.createOscillator();
    const volume = context.createGain();
    const destination = context.createMediaStreamDestination();
    oscillator.frequency.value = 440;
    volume.gain.value = 0.03;
    oscillator.connect(volume).connect(destination);
    oscillator.start();
    return { stream: destination.stream, end: () => context.close() };
  },

  async devices(video) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
    return { stream, end: () => stream.getTracks().forEach((track) => track.stop()) };
  },

  async open(kind) {
    switch (kind) {
      case 'tone': return Media.tone();
      case 'audio': return Media.devices(false);
      case 'video': return Media.devices(true);
      default: return { stream: null, end() {} };
    }
  },
};

/** Hands every message that a socket carries to a listener, too. */
function tap(socket, listener) {
  const text = (data) => (typeof data === 'string' ? data : new TextDecoder().decode(data));
  const send = socket.send.bind(socket);
  let receiver = null;
  socket.send = (message) => {
    listener('sent', text(message));
    return send(message);
  };
  Object.defineProperty(socket, 'ondata', {
    get: () => receiver && ((data) => {
      listener('received', text(data));
      receiver(data);
    }),
    set: (value) => { receiver = value; },
  });
  return socket;
}

class Client {
  constructor(user, peer) {
    const root = document.getElementById('client').content.cloneNode(true).firstElementChild;
    this.root = root;
    this.heading = root.querySelector('h2');
    this.status = root.querySelector('.status');
    this.chat = root.querySelector('.chat');
    this.callState = root.querySelector('.callstate');
    this.video = root.querySelector('video');
    this.trace = root.querySelector('.messages');
    this.count = root.querySelector('.count');
    this.field = (name) => root.querySelector(`[name="${name}"]`);
    this.field('user').value = user;
    this.field('peer').value = peer;
    this.heading.textContent = user;
    root.setAttribute('aria-label', `SIP client ${user}`);
    this.ua = null;
    this.session = null;
    this.media = null;
    this.messages = 0;
    this.listen();
    this.offerMedia();
    document.getElementById('clients').append(root);
  }

  listen() {
    this.root.querySelector('.registration').addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.ua) this.disconnect();
      else this.connect();
    });
    this.root.querySelector('.talk').addEventListener('submit', (event) => {
      event.preventDefault();
      this.sendMessage();
    });
    this.root.querySelector('.call').addEventListener('submit', (event) => {
      event.preventDefault();
      this.dial();
    });
    this.field('answer').addEventListener('click', () => this.answer());
    this.field('hangup').addEventListener('click', () => this.session?.terminate());
    this.field('clear').addEventListener('click', () => {
      this.trace.replaceChildren();
      this.messages = 0;
      this.count.textContent = '0';
    });
  }

  /** Microphone and camera are there on https and on localhost only. */
  offerMedia() {
    if (navigator.mediaDevices?.getUserMedia) return;
    for (const option of this.field('media').options) {
      if (option.value === 'audio' || option.value === 'video') {
        option.disabled = true;
        option.textContent += ' (on https or localhost only)';
      }
    }
  }

  connect() {
    const user = this.field('user').value.trim();
    this.heading.textContent = user;
    this.root.setAttribute('aria-label', `SIP client ${user}`);
    try {
      this.ua = new JsSIP.UA({
        sockets: [tap(new JsSIP.WebSocketInterface(SERVER), (way, text) => this.show(way, text))],
        uri: `sip:${user}@${DOMAIN}`,
        password: this.field('password').value || undefined,
        register_expires: 300,
        session_timers: false,
        user_agent: 'Millrace page (JsSIP)',
      });
    } catch (error) {
      this.state('failed', error.message);
      return;
    }
    this.follow(this.ua);
    this.ua.start();
    this.field('connect').textContent = 'Disconnect';
    this.field('user').disabled = true;
  }

  follow(ua) {
    ua.on('connecting', () => this.state('wait', 'connecting'));
    ua.on('connected', () => this.state('wait', 'connected, registering'));
    ua.on('disconnected', (event) => this.state(this.ua ? 'failed' : 'off',
      this.ua && event.reason ? `not connected: ${event.reason}` : 'not connected'));
    ua.on('registered', () => this.state('on', 'registered'));
    ua.on('unregistered', () => this.state('off', 'not registered'));
    ua.on('registrationFailed', (event) => this.state('failed', `not registered: ${event.cause}`));
    ua.on('newMessage', (event) => {
      if (event.originator === 'remote') {
        this.say('theirs', event.request.body ?? '', event.request.from.uri.user);
      }
    });
    ua.on('newRTCSession', (event) => {
      if (event.originator === 'remote') this.ring(event.session);
    });
  }

  disconnect() {
    const ua = this.ua;
    this.ua = null;
    ua.stop();
    this.state('off', 'not connected');
    this.field('connect').textContent = 'Connect';
    this.field('user').disabled = false;
  }

  state(state, text) {
    this.status.dataset.state = state;
    this.status.textContent = text;
    this.field('send').disabled = state !== 'on';
    this.field('dial').disabled = state !== 'on' || this.session !== null;
  }

  /** A user here, or a whole address. */
  target() {
    const peer = this.field('peer').value.trim();
    return peer.includes('@') ? `sip:${peer.replace(/^sips?:/, '')}` : `sip:${peer}@${DOMAIN}`;
  }

  say(kind, text, who) {
    const line = document.createElement('li');
    line.className = kind;
    line.textContent = who ? `${who}: ${text}` : text;
    this.chat.append(line);
    this.chat.scrollTop = this.chat.scrollHeight;
    return line;
  }

  sendMessage() {
    const text = this.field('text').value;
    if (!text || !this.ua) return;
    this.field('text').value = '';
    const line = this.say('mine', text);
    const failed = (cause) => {
      line.classList.add('failed');
      line.textContent += ` (not delivered: ${cause})`;
    };
    try {
      this.ua.sendMessage(this.target(), text, {
        eventHandlers: { failed: (event) => failed(event.cause) },
      });
    } catch (error) {
      failed(error.message);
    }
  }

  // --- calls ---

  async options() {
    const kind = this.field('media').value;
    this.media = await Media.open(kind);
    const tracks = this.media.stream?.getTracks().map((track) => track.kind) ?? [];
    return {
      mediaStream: this.media.stream ?? undefined,
      mediaConstraints: { audio: tracks.includes('audio'), video: tracks.includes('video') },
      pcConfig: { iceServers: [] },
    };
  }

  async dial() {
    if (!this.ua || this.session) return;
    this.field('dial').disabled = true;
    try {
      const options = await this.options();
      // A call without any media still needs something to agree on.
      const peerconnection = ({ peerconnection: connection }) => {
        this.watch(connection);
        this.channel(connection.createDataChannel('page'));
      };
      const session = this.ua.call(this.target(), { ...options, eventHandlers: { peerconnection } });
      this.attach(session);
      this.callState.textContent = `calling ${this.field('peer').value}`;
    } catch (error) {
      this.ended(error.message);
    }
  }

  ring(session) {
    if (this.session) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.attach(session);
    session.on('peerconnection', ({ peerconnection }) => this.watch(peerconnection));
    this.field('answer').hidden = false;
    this.callState.textContent = `${session.remote_identity.uri.user} is calling`;
  }

  async answer() {
    this.field('answer').hidden = true;
    try {
      this.session?.answer(await this.options());
    } catch (error) {
      this.session?.terminate({ status_code: 480 });
      this.callState.textContent = error.message;
    }
  }

  attach(session) {
    this.session = session;
    this.field('dial').hidden = true;
    this.field('hangup').hidden = false;
    session.on('progress', (event) => {
      if (event.originator === 'remote') this.callState.textContent = 'ringing';
    });
    session.on('confirmed', () => {
      this.callState.textContent = `in a call with ${session.remote_identity.uri.user}`;
    });
    session.on('getusermediafailed', (error) => { this.callState.textContent = String(error); });
    session.on('ended', (event) => this.ended(event.cause));
    session.on('failed', (event) => this.ended(event.cause));
  }

  watch(connection) {
    connection.addEventListener('track', ({ track, streams }) => {
      this.video.srcObject = streams[0] ?? new MediaStream([track]);
      this.video.hidden = !this.video.srcObject.getVideoTracks().length;
      this.video.play().catch(() => {});
    });
    connection.addEventListener('datachannel', (event) => this.channel(event.channel));
  }

  channel(channel) {
    channel.addEventListener('open', () => {
      this.say('note', 'a data channel of the call is open');
      channel.send(`hello from ${this.heading.textContent}`);
    });
    channel.addEventListener('message', (event) => this.say('note', `over the call: ${event.data}`));
  }

  ended(cause) {
    this.media?.end();
    this.media = null;
    this.session = null;
    this.video.srcObject = null;
    this.video.hidden = true;
    this.field('answer').hidden = true;
    this.field('hangup').hidden = true;
    this.field('dial').hidden = false;
    this.field('dial').disabled = this.status.dataset.state !== 'on';
    this.callState.textContent = `no call (${cause})`;
  }

  // --- trace ---

  show(way, text) {
    if (!text.trim()) return;
    const entry = document.createElement('li');
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    const whole = document.createElement('pre');
    const time = new Date().toISOString().slice(11, 23);
    entry.className = way;
    summary.textContent = `${time} ${way === 'sent' ? '→' : '←'} ${text.split('\r\n', 1)[0]}`;
    whole.textContent = text;
    details.append(summary, whole);
    entry.append(details);
    this.trace.append(entry);
    if (this.trace.childElementCount > MOST_MESSAGES) this.trace.firstElementChild.remove();
    this.messages += 1;
    this.count.textContent = String(this.messages);
  }
}

document.getElementById('server').textContent = SERVER;
if (typeof JsSIP === 'undefined') {
  const notice = document.getElementById('notice');
  notice.textContent = 'The SIP library of this page, JsSIP, is missing. ./millrace serve fetches it with npm at its '
    + 'start; it says there why it could not. Any SIP client for WebSocket can use this server meanwhile.';
  notice.hidden = false;
} else {
  new Client('alice', 'bob').connect();
  new Client('bob', 'alice').connect();
}
