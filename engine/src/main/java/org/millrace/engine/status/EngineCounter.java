package org.millrace.engine.status;

/**
 * The engine's counters. Ids and labels are an interface: an id is never given to another meaning.
 *
 * <p>Labels that start with {@code ws_} are those of Kamailio's {@code websocket} module and mean
 * the same (requirement F-3); what it does not have starts with {@code millrace_}.
 */
public enum EngineCounter {
  CURRENT_CONNECTIONS(0, "ws_current_connections"),
  SIP_CURRENT_CONNECTIONS(1, "ws_sip_current_connections"),
  MSRP_CURRENT_CONNECTIONS(2, "ws_msrp_current_connections"),
  MAX_CONCURRENT_CONNECTIONS(3, "ws_max_concurrent_connections"),
  SIP_MAX_CONCURRENT_CONNECTIONS(4, "ws_sip_max_concurrent_connections"),
  MSRP_MAX_CONCURRENT_CONNECTIONS(5, "ws_msrp_max_concurrent_connections"),
  /** Connections that ended otherwise than by a closing handshake. */
  FAILED_CONNECTIONS(6, "ws_failed_connections"),
  SIP_FAILED_CONNECTIONS(7, "ws_sip_failed_connections"),
  MSRP_FAILED_CONNECTIONS(8, "ws_msrp_failed_connections"),
  LOCAL_CLOSED_CONNECTIONS(9, "ws_local_closed_connections"),
  SIP_LOCAL_CLOSED_CONNECTIONS(10, "ws_sip_local_closed_connections"),
  MSRP_LOCAL_CLOSED_CONNECTIONS(11, "ws_msrp_local_closed_connections"),
  REMOTE_CLOSED_CONNECTIONS(12, "ws_remote_closed_connections"),
  SIP_REMOTE_CLOSED_CONNECTIONS(13, "ws_sip_remote_closed_connections"),
  MSRP_REMOTE_CLOSED_CONNECTIONS(14, "ws_msrp_remote_closed_connections"),
  /** Every frame, before it was checked. */
  RECEIVED_FRAMES(15, "ws_received_frames"),
  /** Data frames only, as its MSRP twin. */
  SIP_RECEIVED_FRAMES(16, "ws_sip_received_frames"),
  MSRP_RECEIVED_FRAMES(17, "ws_msrp_received_frames"),
  TRANSMITTED_FRAMES(18, "ws_transmitted_frames"),
  SIP_TRANSMITTED_FRAMES(19, "ws_sip_transmitted_frames"),
  MSRP_TRANSMITTED_FRAMES(20, "ws_msrp_transmitted_frames"),

  OPENED_CONNECTIONS(32, "millrace_opened_connections"),
  CLOSED_CONNECTIONS(33, "millrace_closed_connections"),
  /** Connections that {@code open} refused because a shard's table was full. */
  REFUSED_CONNECTIONS(34, "millrace_refused_connections"),
  RECEIVED_BYTES(35, "millrace_received_bytes"),
  TRANSMITTED_BYTES(36, "millrace_transmitted_bytes"),
  /** Of WebSockets and streams. */
  RECEIVED_MESSAGES(37, "millrace_received_messages"),
  /** Writes given to wires: frames divided by writes is what batching saves. */
  WRITES(38, "millrace_writes"),
  /** Times that a wire found the ring full and had to wait. */
  STALLS(39, "millrace_stalls"),
  /** Sends refused for a full ring or a congested queue. */
  BACK_PRESSURED_SENDS(40, "millrace_back_pressured_sends"),
  /**
   * Messages accepted from another thread whose connection was gone when its shard came to them.
   */
  DROPPED_SENDS(41, "millrace_dropped_sends"),
  /** Messages queued behind a blocked write and discarded because the connection ended. */
  DISCARDED_MESSAGES(42, "millrace_discarded_messages"),
  PINGS_SENT(43, "millrace_pings_sent"),
  PONGS_CONFIRMED(44, "millrace_pongs_confirmed"),
  PINGS_RECEIVED(45, "millrace_pings_received"),
  /** Connections on which nothing came back within pong-timeout after a ping. */
  DEAD_PEERS(46, "millrace_dead_peers"),
  HANDLER_ERRORS(47, "millrace_handler_errors"),
  ERRORS(48, "millrace_errors"),
  MAX_CYCLE_TIME_NS(49, "millrace_max_cycle_time_ns"),
  /** Duty cycles longer than cycle-threshold. */
  CYCLE_STALLS(50, "millrace_cycle_stalls"),
  /** Bytes of pooled buffers that exist, in use or waiting. */
  POOLED_BYTES(51, "millrace_pooled_bytes"),
  POOLED_BYTES_IN_USE(52, "millrace_pooled_bytes_in_use"),
  /** Streams, which are in none of Kamailio's, for those are about WebSockets. */
  STREAM_CURRENT_CONNECTIONS(53, "millrace_stream_current_connections"),
  /** Streams that ended otherwise than by the end of both directions between messages. */
  STREAM_FAILED_CONNECTIONS(54, "millrace_stream_failed_connections"),
  STREAM_RECEIVED_MESSAGES(55, "millrace_stream_received_messages"),
  STREAM_TRANSMITTED_MESSAGES(56, "millrace_stream_transmitted_messages");

  private static final EngineCounter[] BY_ID = byId();

  private final int id;
  private final String label;

  EngineCounter(int id, String label) {
    this.id = id;
    this.label = label;
  }

  public int id() {
    return id;
  }

  /** The name under which the counter is exported. */
  public String label() {
    return label;
  }

  /** Whether shards' values are the greater of each other's, not added up. */
  public boolean isMaximum() {
    return this == MAX_CYCLE_TIME_NS;
  }

  /** The counter of this one's family that belongs to {@code subProtocol}, or null for OTHER. */
  EngineCounter of(SubProtocol subProtocol) {
    return switch (subProtocol) {
      case SIP -> BY_ID[id + 1];
      case MSRP -> BY_ID[id + 2];
      case OTHER -> null;
    };
  }

  static int idLimit() {
    return BY_ID.length;
  }

  private static EngineCounter[] byId() {
    int limit = 0;
    for (final EngineCounter counter : values()) {
      limit = Math.max(limit, counter.id + 1);
    }
    final EngineCounter[] table = new EngineCounter[limit];
    for (final EngineCounter counter : values()) {
      if (table[counter.id] != null) {
        throw new IllegalStateException(
            "id " + counter.id + " of " + counter + " is taken by " + table[counter.id]);
      }
      table[counter.id] = counter;
    }
    return table;
  }
}
