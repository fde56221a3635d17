package org.millrace.jetty.upstream;

/** What is counted about the transports towards the core. */
public enum CoreCounter {
  UDP_RECEIVED("core_udp_received"),
  UDP_SENT("core_udp_sent"),
  /** Datagrams that were not sent because the socket's buffer was full. */
  UDP_BACK_PRESSURED("core_udp_back_pressured"),
  /** Datagrams that the system refused to send. */
  UDP_FAILED("core_udp_failed"),
  /** Requests that are not repeated because the ring to the UDP thread was full (C-60). */
  UDP_UNREPEATED("core_udp_unrepeated"),
  /** STUN, single line ends and the like, which nobody answers. */
  UDP_KEEP_ALIVES("core_udp_keep_alives"),
  /** Datagrams from addresses that are not the core's (C-2). */
  UDP_UNTRUSTED("core_udp_untrusted"),
  /** Connections from addresses that are not the core's (C-2). */
  STREAM_UNTRUSTED("core_stream_untrusted"),
  /** Connections of the core's that were one too many. */
  STREAM_REFUSED("core_stream_refused"),
  STREAM_ACCEPTED("core_stream_accepted"),
  /** Connections with the core that this side has made. */
  STREAM_CONNECTED("core_stream_connected"),
  /** Attempts that came to nothing. */
  STREAM_CONNECT_FAILED("core_stream_connect_failed"),
  /** Connections made by this side that have ended. */
  STREAM_LOST("core_stream_lost"),
  /** Messages that were to wait for a connection, but too many did already. */
  STREAM_QUEUE_FULL("core_stream_queue_full"),
  /** Messages that waited for a connection that did not come about. */
  STREAM_UNSENT("core_stream_unsent"),
  /** Messages refused because their target cannot be reached. */
  STREAM_UNREACHABLE("core_stream_unreachable"),
  /** Answers whose connection had gone, sent over another (C-43). */
  STREAM_ANSWERS_REROUTED("core_stream_answers_rerouted");

  private final String label;

  CoreCounter(String label) {
    this.label = label;
  }

  /** For metrics: lower case with underscores. */
  public String label() {
    return label;
  }
}
