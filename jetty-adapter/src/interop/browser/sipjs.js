// A phone made of SIP.js. See suite.js for what a phone does.

import { Inviter, Messager, Registerer, RegistererState, SessionState, UserAgent } from 'sip.js';
import { reportMedia } from './media.js';

const MEDIA = { constraints: { audio: true, video: false } };

let ua;
let registerer;
let session;
let cancelled;

function watch(call) {
  session = call;
  cancelled = false;
  call.delegate = {
    onSessionDescriptionHandler: (handler) => reportMedia(handler.peerConnection),
    onCancel: () => {
      cancelled = true;
    },
    onInvite: (request) =>
      window.report(/^a=(sendonly|inactive)/m.test(request.body) ? 'held' : 'resumed'),
  };
  let established = false;
  call.stateChange.addListener((state) => {
    if (state === SessionState.Established) {
      established = true;
      window.report('established');
    } else if (state === SessionState.Terminated) {
      if (established) {
        window.report('ended', {});
      } else if (call instanceof Inviter) {
        // Told by the answer to the INVITE.
      } else {
        window.report('failed', { cause: cancelled ? 'Canceled' : 'Rejected' });
      }
    }
  });
}

function answered(request) {
  return new Promise((resolve) =>
    request({
      requestDelegate: {
        onAccept: ({ message }) => resolve(message.statusCode),
        onReject: ({ message }) => resolve(message.statusCode),
      },
    }),
  );
}

function reinvite(hold) {
  session.sessionDescriptionHandlerOptionsReInvite = { ...MEDIA, hold };
  return answered((options) => session.invite(options));
}

window.phone = {
  async start(url, uri) {
    ua = new UserAgent({
      uri: UserAgent.makeURI(uri),
      transportOptions: { server: url },
      logLevel: 'error',
      sessionDescriptionHandlerFactoryOptions: {
        iceGatheringTimeout: 500,
        peerConnectionConfiguration: { iceServers: [] },
      },
      delegate: {
        onInvite: (invitation) => {
          watch(invitation);
          window.report('incoming', invitation.remoteIdentity.uri.user);
        },
        onMessage: async (message) => {
          await message.accept();
          window.report('message', { from: message.request.from.uri.user, text: message.request.body });
        },
      },
    });
    await ua.start();
    registerer = new Registerer(ua, { expires: 120 });
    registerer.stateChange.addListener((state) => {
      if (state === RegistererState.Registered) {
        window.report('registered');
      } else if (state === RegistererState.Unregistered) {
        window.report('unregistered');
      }
    });
    await window.phone.register();
  },

  /** Resolves to the status that the message was answered with. */
  message(target, text) {
    return answered((options) => new Messager(ua, UserAgent.makeURI(target), text).message(options));
  },

  call(target) {
    const inviter = new Inviter(ua, UserAgent.makeURI(target), { sessionDescriptionHandlerOptions: MEDIA });
    watch(inviter);
    return inviter.invite({
      requestDelegate: {
        onProgress: ({ message }) => window.report('ringing', message.statusCode),
        onReject: ({ message }) =>
          window.report('failed', {
            cause: message.statusCode === 487 ? 'Canceled' : 'Rejected',
            status: message.statusCode,
          }),
      },
    }).then(() => {});
  },

  answer: () => session.accept({ sessionDescriptionHandlerOptions: MEDIA }),
  reject: (status) => session.reject({ statusCode: status }),
  cancel: () => session.cancel(),
  hangUp: () => session.bye().then(() => {}),
  hold: () => reinvite(true),
  resume: () => reinvite(false),
  async register() {
    await registerer.register({
      requestDelegate: { onReject: ({ message }) => window.report('registration failed', message.statusCode) },
    });
  },

  unregister: () => registerer.unregister().then(() => {}),
  stop: () => ua.stop(),
};
