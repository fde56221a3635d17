package org.millrace.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A peer's own process: tells its port, then answers commands until its input ends. Whoever starts
 * it talks to it through {@link PeerProcess}.
 */
public final class PeerServer {
  /** Asks for the bytes of heap in use. */
  static final String HEAP = "heap";

  private static final int COLLECTIONS = 5;

  private PeerServer() {}

  /** Takes the name of a {@link Peer} and the directory of the {@link Identity}. */
  public static void main(String[] args) throws Exception {
    final RunningPeer peer = Peer.valueOf(args[0]).start(new Identity(Path.of(args[1])));
    try (BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      answer(System.out, "port " + peer.port());
      answer(System.out, "secure " + peer.securePort());
      answer(System.out, "note " + peer.note());
      serve(commands, System.out);
    }
    System.exit(0);
  }

  private static void serve(BufferedReader commands, PrintStream answers) throws IOException {
    String command;
    while ((command = commands.readLine()) != null) {
      if (!command.equals(HEAP)) {
        throw new IllegalArgumentException("no such command: " + command);
      }
      answer(answers, HEAP + " " + heapInUse());
    }
  }

  private static void answer(PrintStream answers, String line) {
    answers.println(line);
    answers.flush();
  }

  @SuppressWarnings("System.GC") // what survives is what is asked for
  private static long heapInUse() {
    long heap = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return heap;
  }
}
