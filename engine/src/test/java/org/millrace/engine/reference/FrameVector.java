package org.millrace.engine.reference;

import java.util.List;
import org.millrace.engine.frame.FrameRules;
import org.millrace.engine.frame.Role;

/**
 * A stream of one peer and what it amounts to, by its id in the specification.
 *
 * @param frames the stream frame by frame; the last one need not be whole.
 * @param expected literal expectations, never computed by the reference.
 */
public record FrameVector(
    String id, String name, FrameRules rules, List<Bytes> frames, List<Decided> expected) {
  private static final int BASE_LENGTH = 2;
  private static final int KEY_LENGTH = 4;

  public Bytes stream() {
    return Bytes.concat(frames);
  }

  /** Whether another frame may follow: the last one is whole and nothing ended the stream. */
  public boolean mayGoOn() {
    final Event last = expected.isEmpty() ? null : expected.get(expected.size() - 1).event();
    final Bytes lastFrame = frames.get(frames.size() - 1);
    final boolean masked = lastFrame.get(1) > 0x7F;
    final int payload =
        lastFrame.length() - bareHeaderLength(lastFrame) - (masked ? KEY_LENGTH : 0);
    return !(last instanceof Event.Failed)
        && !(last instanceof Event.Close)
        && payload == declaredLength(lastFrame);
  }

  /** The same frames from a server to a client, which is the same but for the masks. */
  public FrameVector forClient() {
    return new FrameVector(
        id,
        name,
        new FrameRules(
            Role.CLIENT,
            rules.maxMessageSize(),
            rules.maxFramesPerMessage(),
            rules.lenientLength()),
        frames.stream().map(FrameVector::withoutMask).toList(),
        expected.stream()
            .map(decided -> new Decided(decided.event(), positionWithoutMasks(decided.at())))
            .toList());
  }

  private int positionWithoutMasks(int position) {
    int begin = 0;
    int result = 0;
    for (Bytes frame : frames) {
      final int here = Math.min(position - begin, frame.length());
      if (here <= 0) {
        break;
      }
      final int header = bareHeaderLength(frame);
      result += Math.max(Math.min(here, header), here - KEY_LENGTH);
      begin += frame.length();
    }
    return result;
  }

  private static Bytes withoutMask(Bytes frame) {
    final int header = bareHeaderLength(frame);
    final Bytes bare =
        frame.with(1, frame.get(1) & 0x7F).slice(0, Math.min(header, frame.length()));
    if (frame.length() < header + KEY_LENGTH) {
      return bare;
    }
    final Bytes key = frame.slice(header, header + KEY_LENGTH);
    final Bytes payload = frame.slice(header + KEY_LENGTH, frame.length());
    return bare.followedBy(ReferenceEncoder.mask(payload, key));
  }

  private static int bareHeaderLength(Bytes frame) {
    return BASE_LENGTH
        + switch (frame.get(1) & 0x7F) {
          case 126 -> 2;
          case 127 -> 8;
          default -> 0;
        };
  }

  private static long declaredLength(Bytes frame) {
    final int header = bareHeaderLength(frame);
    long length = header == BASE_LENGTH ? frame.get(1) & 0x7F : 0;
    for (int i = BASE_LENGTH; i < header; i++) {
      length = length << 8 | frame.get(i);
    }
    return length;
  }

  @Override
  public String toString() {
    return id + " " + name + " (" + rules.role() + ")";
  }
}
