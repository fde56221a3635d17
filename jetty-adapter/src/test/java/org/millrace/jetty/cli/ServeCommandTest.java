package org.millrace.jetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What serve does with an edge: start, greet, drain, end. */
class ServeCommandTest {
  private final List<String> calls = new ArrayList<>();

  /** An edge that a signal reaches while its first addresses are being asked for. */
  private final class Signalled implements RunningEdge {
    private final Runnable signals;
    private final boolean drains;

    Signalled(Runnable signals, boolean drains) {
      this.signals = signals;
      this.drains = drains;
    }

    @Override
    public List<URI> addresses() {
      signals.run();
      return List.of(URI.create("ws://0.0.0.0:8080"), URI.create("wss://[::]:8443"));
    }

    @Override
    public URI adminAddress() {
      return URI.create("http://127.0.0.1:8090");
    }

    @Override
    public boolean drain() {
      calls.add("drain");
      return drains;
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }

  private CommandRun serve(boolean drains, String... signals) {
    final CommandRun[] run = new CommandRun[1];
    run[0] =
        CommandRun.with(
            config ->
                new Signalled(
                    () -> {
                      for (final String signal : signals) {
                        run[0].signal(signal);
                      }
                    },
                    drains));
    return run[0].run("serve");
  }

  @Test
  void shouldDrainAndEndWellOnSigterm() {
    final CommandRun run = serve(true, "TERM");
    assertThat(run.exitCode()).isZero();
    assertThat(run.halted()).isEqualTo(-1);
    assertThat(calls).containsExactly("drain", "close");
  }

  @Test
  void shouldEndWellOnSigintThoughNotAllCouldBeClosed() {
    assertThat(serve(false, "INT").exitCode()).isZero();
    assertThat(calls).containsExactly("drain", "close");
  }

  @Test
  void shouldEndAtOnceOnASecondSignal() {
    assertThat(serve(true, "INT", "TERM").halted()).isEqualTo(1);
  }

  @Test
  void shouldGoOnAfterSighup() {
    final CommandRun run = serve(true, "HUP", "HUP", "TERM");
    assertThat(run.halted()).isEqualTo(-1);
    assertThat(calls).containsExactly("drain", "close");
  }

  @Test
  void shouldSayWhereItListensAndHowToTryIt() {
    assertThat(serve(true, "TERM").out())
        .startsWith("Millrace ")
        .contains("profile strict")
        .contains("  ws: ws://0.0.0.0:8080  sip at /")
        .contains("  wss: wss://[::]:8443  sip at /")
        .contains("admin: http://127.0.0.1:8090  (millrace ctl list)")
        .contains("Try it: open http://localhost:8080/")
        .contains("Try it: open https://localhost:8443/ (self-signed: the browser warns)");
  }

  @Test
  void shouldNotStartWithAWrongConfiguration() {
    final CommandRun run = CommandRun.of("serve", "-D", "admin.port=70000");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("the default configuration has an error:")
        .contains("-D admin.port: millrace.admin.port = 70000: must be 0 to 65535");
  }

  private static CommandRun failing(Exception failure) {
    return CommandRun.with(
            config -> {
              throw failure;
            })
        .run("serve");
  }

  @Test
  void shouldTellWhatToDoAboutAPortInUse() {
    final CommandRun run =
        failing(
            new IOException(
                "Failed to bind to /0.0.0.0:8443", new BindException("Address already in use")));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "millrace: port 8443 is in use by another program (ss -ltnp 'sport = :8443' tells"
                + " which); end that, or choose another with -D listeners.wss.port=PORT");
  }

  @Test
  void shouldTellWhatToDoAboutAPortThatIsForRoot() {
    assertThat(
            failing(
                    new IOException(
                        "Failed to bind to /0.0.0.0:80", new BindException("Permission denied")))
                .err())
        .contains("may not listen on port 80", "ip_unprivileged_port_start=80");
  }

  @Test
  void shouldTellThatAHostIsNotThisMachines() {
    assertThat(
            failing(
                    new IOException(
                        "Failed to bind to /192.0.2.1:8080",
                        new BindException("Cannot assign requested address")))
                .err())
        .contains("its host is no address of this machine; see listeners.ws.host");
  }

  @Test
  void shouldTellWhyItDoesNotStart() {
    final CommandRun run = failing(new IOException("disk on fire"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToIgnoringNewLines("millrace: the edge does not start: disk on fire");
  }
}
