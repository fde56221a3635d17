package org.millrace.engine.reference;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** An immutable run of bytes that compares by content and prints as hex. */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");
  private static final int PRINTED = 256;

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  public static Bytes of(byte[] content) {
    return new Bytes(content.clone());
  }

  public static Bytes of(int... content) {
    final Bytes bytes = new Bytes(new byte[content.length]);
    for (int i = 0; i < content.length; i++) {
      bytes.content[i] = (byte) content[i];
    }
    return bytes;
  }

  /** Bytes as the specification prints them: two digits each, a space between. */
  public static Bytes ofHex(String hex) {
    return new Bytes(hex.isEmpty() ? new byte[0] : SPACED.parseHex(hex));
  }

  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public static Bytes concat(List<Bytes> parts) {
    final ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(part -> all.writeBytes(part.content));
    return new Bytes(all.toByteArray());
  }

  public Bytes followedBy(Bytes next) {
    return concat(List.of(this, next));
  }

  public Bytes slice(int from, int to) {
    return new Bytes(Arrays.copyOfRange(content, from, to));
  }

  public int length() {
    return content.length;
  }

  /** The byte at {@code index} as 0 to 255. */
  public int get(int index) {
    return content[index] & 0xFF;
  }

  public Bytes with(int index, int value) {
    final Bytes changed = of(content);
    changed.content[index] = (byte) value;
    return changed;
  }

  public byte[] toArray() {
    return content.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return content.length <= PRINTED
        ? "[" + SPACED.formatHex(content) + "]"
        : "[" + SPACED.formatHex(content, 0, PRINTED) + " ... " + content.length + " bytes]";
  }
}
