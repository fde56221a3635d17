package org.millrace.engine.reference;

import java.util.List;
import org.millrace.engine.frame.Violation;

/**
 * UT-01 to UT-29: a whole text.
 *
 * @param impossibleAt how many of its bytes make it impossible; 0 if it is valid.
 */
public record Utf8Vector(String id, String name, Bytes text, int impossibleAt) {
  public static List<Utf8Vector> all() {
    return List.of(
        valid("UT-01", "NUL", "00"),
        valid("UT-02", "DEL", "7f"),
        valid("UT-03", "U+0080", "c2 80"),
        valid("UT-04", "U+07FF", "df bf"),
        valid("UT-05", "U+0800", "e0 a0 80"),
        valid("UT-06", "U+D7FF", "ed 9f bf"),
        valid("UT-07", "U+E000", "ee 80 80"),
        valid("UT-08", "U+FFFD", "ef bf bd"),
        valid("UT-09", "U+FFFE non-character", "ef bf be"),
        valid("UT-10", "U+FFFF non-character", "ef bf bf"),
        valid("UT-11", "U+10000", "f0 90 80 80"),
        valid("UT-12", "U+10FFFF", "f4 8f bf bf"),
        valid("UT-13", "BOM", "ef bb bf"),
        invalid("UT-14", "lone continuation", "80", 1),
        invalid("UT-15", "overlong NUL", "c0 80", 1),
        invalid("UT-16", "overlong U+007F", "c1 bf", 1),
        invalid("UT-17", "overlong", "e0 80 80", 2),
        invalid("UT-18", "overlong U+07FF", "e0 9f bf", 2),
        invalid("UT-19", "U+D800", "ed a0 80", 2),
        invalid("UT-20", "U+DFFF", "ed bf bf", 2),
        invalid("UT-21", "surrogate pair (CESU-8)", "ed ad a3 ed be a3", 2),
        invalid("UT-22", "overlong U+FFFF", "f0 8f bf bf", 2),
        invalid("UT-23", "U+110000", "f4 90 80 80", 2),
        invalid("UT-24", "lead F5", "f5 80 80 80", 1),
        invalid("UT-25", "5-byte form", "f8 88 80 80 80", 1),
        invalid("UT-26", "6-byte form", "fc 84 80 80 80 80", 1),
        invalid("UT-27", "FE", "fe", 1),
        invalid("UT-28", "bad 2nd byte", "c2 41 80", 2),
        invalid("UT-29", "bad 3rd byte", "e2 82 41", 3));
  }

  private static Utf8Vector valid(String id, String name, String hex) {
    return new Utf8Vector(id, name, Bytes.ofHex(hex), 0);
  }

  private static Utf8Vector invalid(String id, String name, String hex, int impossibleAt) {
    return new Utf8Vector(id, name, Bytes.ofHex(hex), impossibleAt);
  }

  /** The text as the payload of one masked frame. */
  public FrameVector inFrame() {
    final Event event =
        impossibleAt == 0
            ? new Event.Message(true, text)
            : new Event.Failed(Violation.TEXT_NOT_UTF8);
    final Bytes frame = ReferenceEncoder.frame(ReferenceEncoder.TEXT, text).masked().encode();
    final int header = frame.length() - text.length();
    final int decidedBy = impossibleAt == 0 ? text.length() : impossibleAt;
    return new FrameVector(
        id,
        name,
        FrameVectors.SERVER,
        List.of(frame),
        List.of(new Decided(event, header + decidedBy)));
  }

  @Override
  public String toString() {
    return id + " " + name;
  }
}
