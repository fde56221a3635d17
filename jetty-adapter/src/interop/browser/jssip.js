// A phone made of JsSIP. See suite.js for what a phone does.

import JsSIP from 'jssip';
import { reportMedia } from './media.js';

// An outgoing call has its connection before there is a session to listen to.
const handlers = { peerconnection: ({ peerconnection }) => reportMedia(peerconnection) };
const MEDIA = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } };

let ua;
let session;

function watch(call) {
  session = call;
  call.on('progress', ({ originator, response }) => {
    if (originator === 'remote') {
      window.report('ringing', response.status_code);
    }
  });
  call.on('confirmed', () => window.report('established'));
  call.on('ended', ({ originator, cause }) => window.report('ended', { originator, cause }));
  call.on('failed', ({ originator, cause, message }) =>
    window.report('failed', { originator, cause, status: message?.status_code }),
  );
  call.on('hold', ({ originator }) => originator === 'remote' && window.report('held'));
  call.on('unhold', ({ originator }) => originator === 'remote' && window.report('resumed'));
}

window.phone = {
  start(url, uri) {
    ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)],
      uri,
      register: true,
      register_expires: 120,
    });
    ua.on('registered', () => window.report('registered'));
    ua.on('unregistered', () => window.report('unregistered'));
    ua.on('registrationFailed', ({ cause }) => window.report('registration failed', cause));
    ua.on('newMessage', ({ originator, message, request }) => {
      if (originator === 'remote') {
        window.report('message', { from: message.remote_identity.uri.user, text: request.body });
      }
    });
    ua.on('newRTCSession', ({ originator, session: call, request }) => {
      watch(call);
      if (originator === 'remote') {
        call.on('peerconnection', handlers.peerconnection);
        window.report('incoming', request.from.uri.user);
      }
    });
    ua.start();
  },

  /** Resolves to the status that the message was answered with. */
  message(target, text) {
    return new Promise((resolve) =>
      ua.sendMessage(target, text, {
        eventHandlers: {
          succeeded: ({ response }) => resolve(response.status_code),
          failed: ({ response, cause }) => resolve(response?.status_code ?? cause),
        },
      }),
    );
  },

  call: (target) => void ua.call(target, { ...MEDIA, eventHandlers: handlers }),
  answer: () => session.answer(MEDIA),
  reject: (status) => session.terminate({ status_code: status }),
  cancel: () => session.terminate(),
  hangUp: () => session.terminate(),
  hold: () => new Promise((resolve) => session.hold({}, resolve)),
  resume: () => new Promise((resolve) => session.unhold({}, resolve)),
  unregister: () => ua.unregister(),
  register: () => ua.register(),
  stop: () => ua.stop(),
};
