package org.millrace.bench.frame;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.internal.MessageHandler;
import org.eclipse.jetty.websocket.core.internal.NullAppendable;
import org.eclipse.jetty.websocket.core.internal.Parser;

/**
 * Jetty's frame parser, which unmasks in place too, and behind it one of two validations: the
 * message path that every text message takes and whose UTF-8 check is the decoding to a String, or
 * the mere check of Jetty's {@code @validation} extension, which is the least that Jetty can do.
 *
 * <p>Left out, to Jetty's advantage: its session, with the frame sequence checks and the demand
 * accounting under locks.
 */
final class JettyDecode {
  private final MaskedFrames frames;
  private final ByteBuffer buffer;
  private final Parser parser = new Parser(ByteBufferPool.NON_POOLING);
  private final Receiver receiver = new Receiver();
  private final NullAppendable validation = new NullAppendable();
  private Frame.Parsed frame;

  JettyDecode(MaskedFrames frames) {
    this.frames = frames;
    buffer = Buffers.bigEndian(frames.frameLength());
    receiver.onOpen(new CoreSession.Empty(), Callback.NOOP);
  }

  /** Returns the number of characters, as UTF-16 counts them. */
  int decodeMessage() {
    parse();
    receiver.onFrame(frame, receiver);
    return receiver.message.length();
  }

  /** Returns the number of payload bytes. */
  int decodeFrame() {
    parse();
    final int length = frame.getPayloadLength();
    // As ValidationExtension does.
    validation.append(frame.getPayload().slice());
    validation.takeCompleteString(() -> new InvalidFrameException("not UTF-8"));
    return length;
  }

  private void parse() {
    frames.copyNext(buffer);
    frame = parser.parse(buffer.clear().limit(frames.frameLength()));
  }

  String lastMessage() {
    return receiver.message;
  }

  byte[] lastPayload() {
    final byte[] payload = new byte[frame.getPayloadLength()];
    frame.getPayload().get(payload);
    return payload;
  }

  private static final class Receiver extends MessageHandler implements Callback {
    private String message;

    @Override
    protected void onText(String text, Callback callback) {
      message = text;
      callback.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
      throw new InvalidFrameException(cause);
    }
  }
}
