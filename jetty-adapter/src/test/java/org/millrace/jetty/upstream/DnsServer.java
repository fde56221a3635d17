package org.millrace.jetty.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A DNS server on this machine that remembers what it was asked. */
public final class DnsServer implements AutoCloseable {
  private static final Name ZONE = Name.fromConstantString("example.");

  private final DatagramSocket socket;
  private final Thread thread = new Thread(this::serve, "test-dns");
  private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private volatile int rcode = Rcode.NOERROR;
  private volatile boolean silent;

  private DnsServer() throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Knows nothing yet: everything is NXDOMAIN, for 60 seconds. */
  public static DnsServer start() throws IOException {
    final DnsServer server = new DnsServer();
    server.thread.start();
    return server;
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /**
   * Adds a record as in a zone file.
   *
   * @param line such as {@code pbx.example. 300 A 192.0.2.1}.
   */
  public DnsServer has(String line) {
    final String[] parts = line.split(" ", 4);
    try {
      final Name name = new Name(parts[0]);
      final int type = Type.value(parts[2]);
      final Record record =
          Record.fromString(name, type, DClass.IN, Long.parseLong(parts[1]), parts[3], Name.root);
      records.computeIfAbsent(key(name, type), key -> new ArrayList<>()).add(record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public DnsServer forget() {
    records.clear();
    return this;
  }

  /** Whether it answers at all. */
  void silent(boolean value) {
    silent = value;
  }

  /** Other than NOERROR: what it answers everything with. */
  void rcode(int value) {
    rcode = value;
  }

  /** What it was asked since the last time, such as {@code pbx.example. A}. */
  public List<String> asked() {
    final List<String> questions = new ArrayList<>();
    asked.drainTo(questions);
    return questions;
  }

  private static String key(Name name, int type) {
    return name.toString().toLowerCase(Locale.ROOT) + " " + Type.string(type);
  }

  private void serve() {
    final byte[] buffer = new byte[2048];
    final DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    while (!socket.isClosed()) {
      try {
        socket.receive(packet);
        final Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
        final Record question = query.getQuestion();
        asked.add(key(question.getName(), question.getType()));
        if (!silent) {
          final byte[] answer = answer(query).toWire();
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
        packet.setLength(buffer.length);
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private Message answer(Message query) throws TextParseException {
    final Record question = query.getQuestion();
    final Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.addRecord(question, Section.QUESTION);
    if (rcode != Rcode.NOERROR) {
      answer.getHeader().setRcode(rcode);
      return answer;
    }
    final List<Record> alias = records.getOrDefault(key(question.getName(), Type.CNAME), List.of());
    final List<Record> found =
        records.getOrDefault(key(question.getName(), question.getType()), alias);
    found.forEach(record -> answer.addRecord(record, Section.ANSWER));
    if (found.isEmpty()) {
      final boolean known =
          records.keySet().stream()
              .anyMatch(key -> key.startsWith(question.getName().toString() + " "));
      answer.getHeader().setRcode(known ? Rcode.NOERROR : Rcode.NXDOMAIN);
      answer.addRecord(
          new SOARecord(ZONE, DClass.IN, 3600, ZONE, ZONE, 1, 2, 3, 4, 60), Section.AUTHORITY);
    }
    return answer;
  }

  @Override
  public void close() {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
