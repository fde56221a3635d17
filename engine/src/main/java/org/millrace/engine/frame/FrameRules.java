package org.millrace.engine.frame;

/**
 * What a {@link FrameDecoder} holds a peer to. Immutable; shared by all connections of a kind.
 *
 * @param role this side's role: a server takes masked frames only, a client unmasked ones only.
 * @param maxMessageSize largest message in bytes over all its frames, 125 to 2^30; decided on the
 *     frame header.
 * @param maxFramesPerMessage most frames of one message, 1 or more, control frames not counted.
 * @param lenientLength accept payload lengths that are not of minimal form (OpenSIPS sends them).
 */
public record FrameRules(
    Role role, int maxMessageSize, int maxFramesPerMessage, boolean lenientLength) {
  public static final int LARGEST_MESSAGE_SIZE = 1 << 30;

  public FrameRules {
    if (maxMessageSize < FrameLayout.MAX_SHORT_PAYLOAD || maxMessageSize > LARGEST_MESSAGE_SIZE) {
      throw new IllegalArgumentException(
          "maxMessageSize=" + maxMessageSize + ": must be 125 to " + LARGEST_MESSAGE_SIZE);
    }
    if (maxFramesPerMessage < 1) {
      throw new IllegalArgumentException(
          "maxFramesPerMessage=" + maxFramesPerMessage + ": must be 1 or more");
    }
  }
}
