package org.millrace.jetty.harness;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** An HTTP/2 connection over TLS whose streams are WebSocket connections (RFC 8441). */
public final class Http2Client implements AutoCloseable {
  private static final int TIMEOUT_S = 60;

  private final HTTP2Client client = new HTTP2Client();
  private final CompletableFuture<Map<Integer, Integer>> settings = new CompletableFuture<>();
  private final Session session;

  private Http2Client(InetSocketAddress address) throws Exception {
    client.setInitialStreamRecvWindow(65_535);
    client.getClientConnector().setIdleTimeout(java.time.Duration.ZERO);
    client.start();
    final SslContextFactory.Client tls = new SslContextFactory.Client(true);
    tls.start();
    session =
        client
            .connect(
                tls,
                address,
                new Session.Listener() {
                  @Override
                  public void onSettings(Session from, SettingsFrame frame) {
                    settings.complete(frame.getSettings());
                  }
                })
            .get(TIMEOUT_S, TimeUnit.SECONDS);
  }

  public static Http2Client connect(InetSocketAddress address) throws Exception {
    return new Http2Client(address);
  }

  /** The first settings of the server. */
  public Map<Integer, Integer> settings() throws Exception {
    return settings.get(TIMEOUT_S, TimeUnit.SECONDS);
  }

  /** An extended CONNECT. */
  public Tunnel connectTo(String path, String protocol, HttpFields fields) throws Exception {
    return open(
        new MetaData.ConnectRequest(
            HttpScheme.HTTPS, new HostPortHttpField("localhost"), path, fields, protocol));
  }

  public Tunnel open(MetaData.Request request) throws Exception {
    final Tunnel tunnel = new Tunnel();
    tunnel.stream =
        session
            .newStream(new HeadersFrame(request, null, false), tunnel)
            .get(TIMEOUT_S, TimeUnit.SECONDS);
    return tunnel;
  }

  @Override
  public void close() {
    LifeCycle.stop(client);
  }

  /** A stream of the connection. */
  public static final class Tunnel implements Stream.Listener {
    private final CompletableFuture<MetaData.Response> response = new CompletableFuture<>();
    private final CompletableFuture<Integer> reset = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final BlockingQueue<Byte> received = new LinkedBlockingQueue<>();
    private volatile boolean reading = true;
    private volatile Stream stream;

    @Override
    public void onHeaders(Stream from, HeadersFrame frame) {
      response.complete((MetaData.Response) frame.getMetaData());
      from.demand();
    }

    @Override
    public void onDataAvailable(Stream from) {
      if (!reading) {
        return;
      }
      final Stream.Data data = from.readData();
      if (data == null) {
        from.demand();
        return;
      }
      final ByteBuffer bytes = data.frame().getByteBuffer();
      while (bytes.hasRemaining()) {
        received.add(bytes.get());
      }
      final boolean last = data.frame().isEndStream();
      data.release();
      if (last) {
        ended.complete(null);
      } else {
        from.demand();
      }
    }

    @Override
    public void onReset(Stream from, ResetFrame frame, Callback callback) {
      reset.complete(frame.getError());
      callback.succeeded();
    }

    public MetaData.Response response() throws Exception {
      return response.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** Code of an RST_STREAM, waited for. */
    public int awaitReset() throws Exception {
      return reset.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    public void awaitEnd() throws Exception {
      ended.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** Takes nothing off the stream any more, so that its window fills. */
    public void stopReading() {
      reading = false;
    }

    public void send(byte[] bytes, boolean last) throws Exception {
      stream
          .data(new DataFrame(stream.getId(), ByteBuffer.wrap(bytes), last))
          .get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    public void reset() throws Exception {
      stream
          .reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code))
          .get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** As many bytes as asked for, waited for. */
    public byte[] read(int count) throws InterruptedException {
      final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      while (bytes.size() < count) {
        final Byte next = received.poll(TIMEOUT_S, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError(count + " bytes awaited, there came " + bytes.size());
        }
        bytes.write(next);
      }
      return bytes.toByteArray();
    }
  }
}
