package org.millrace.engine.conversation;

import static org.millrace.engine.conversation.VectorBuilder.vector;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.frame.Violation;
import org.millrace.engine.reference.Bytes;
import org.millrace.engine.reference.ReferenceEncoder;
import org.millrace.engine.reference.Utf8Vector;

/** UT-01 to UT-34. */
final class UtVectors {
  private UtVectors() {}

  static List<ConversationVector> all() {
    final List<VectorBuilder> all = new ArrayList<>();
    for (Utf8Vector text : Utf8Vector.all()) {
      all.add(inOneFrame(text));
      all.add(inTwoFrames(text));
    }
    all.add(
        vector("UT-30", "fail fast")
            .in("01 8d 37 fa 21 3d f9 40 c0 80 8e 35 a2 f3 8b 34 94 c9 a7")
            .fails(1007, Violation.TEXT_NOT_UTF8));
    all.add(
        vector("UT-31", "code point over two fragments")
            .in("01 82 37 fa 21 3d d5 78 80 81 37 fa 21 3d 9b")
            .text("€"));
    all.add(
        vector("UT-32", "open sequence at the end")
            .in("81 82 37 fa 21 3d d5 78")
            .fails(1007, Violation.TEXT_NOT_UTF8));
    all.add(
        vector("UT-32", "open sequence at the end of two fragments")
            .in("01 81 37 fa 21 3d d5 80 81 37 fa 21 3d b5")
            .fails(1007, Violation.TEXT_NOT_UTF8));
    all.add(vector("UT-33", "binary is not checked").in("82 82 37 fa 21 3d f7 7a").binary("c0 80"));
    all.add(
        vector("UT-34", "own reason text")
            .close(1000, "€".repeat(60))
            .out("88 7d 03 e8" + " e2 82 ac".repeat(41))
            .in("88 82 37 fa 21 3d 34 12")
            .ends(Ending.closedByServer(1000, 1000)));
    return all.stream().map(VectorBuilder::build).toList();
  }

  private static VectorBuilder inOneFrame(Utf8Vector text) {
    final Bytes frame =
        ReferenceEncoder.frame(ReferenceEncoder.TEXT, text.text()).masked().encode();
    return verdict(vector(text.id(), text.name()), frame, text);
  }

  /** An empty last frame: what comes before it is all the same validated when it arrives. */
  private static VectorBuilder inTwoFrames(Utf8Vector text) {
    final Bytes begin =
        ReferenceEncoder.frame(ReferenceEncoder.TEXT, text.text()).notFinal().masked().encode();
    final Bytes end =
        ReferenceEncoder.frame(ReferenceEncoder.CONTINUATION, Bytes.EMPTY).masked().encode();
    final VectorBuilder vector = vector(text.id(), text.name() + ", fragmented");
    return text.impossibleAt() == 0
        ? vector.in(begin.followedBy(end)).delivers(VectorBuilder.text(text.text()))
        : verdict(vector, begin, text).in(end);
  }

  private static VectorBuilder verdict(VectorBuilder vector, Bytes frame, Utf8Vector text) {
    if (text.impossibleAt() == 0) {
      return vector.in(frame).delivers(VectorBuilder.text(text.text()));
    }
    final int decidedBy = frame.length() - text.text().length() + text.impossibleAt();
    vector.in(frame.slice(0, decidedBy)).fails(1007, Violation.TEXT_NOT_UTF8);
    return decidedBy == frame.length() ? vector : vector.in(frame.slice(decidedBy, frame.length()));
  }
}
