package org.millrace.jetty.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The keys that tokens and branches are made with. All nodes that shall understand each other's
 * tokens, and a node before and after a restart, have the same. Immutable.
 */
public final class EdgeKeys {
  static final int LEAST_BYTES = 16;
  static final int MOST_BYTES = 64;
  static final int LARGEST_ID = 15;

  private static final int NEW_BYTES = 32;
  private static final String FLOW = "flow-keys.";
  private static final String CURRENT = "current-flow-key";
  private static final String BRANCH = "branch-key";

  private final Map<Integer, byte[]> flow;
  private final int current;
  private final byte[] branch;

  /**
   * @param flow by id, 0 to 15; each 16 bytes or more.
   * @param current the id of the one that new tokens are made with.
   * @param branch 16 bytes or more.
   */
  EdgeKeys(Map<Integer, byte[]> flow, int current, byte[] branch) {
    if (!flow.containsKey(current)) {
      throw new IllegalArgumentException(
          CURRENT + " = " + current + ": there is no flow key of that id");
    }
    this.flow = new TreeMap<>(flow);
    this.current = current;
    this.branch = branch.clone();
  }

  /** By id (C-28). */
  public Map<Integer, byte[]> flow() {
    final Map<Integer, byte[]> copies = new TreeMap<>();
    flow.forEach((id, key) -> copies.put(id, key.clone()));
    return copies;
  }

  /** The id of the key that new tokens are made with. */
  public int current() {
    return current;
  }

  /** Of branches, To tags and marks against loops. */
  public byte[] branch() {
    return branch.clone();
  }

  /** Reads hexadecimal digits. */
  static byte[] parse(String hex) throws WrongValueException {
    if (!hex.matches("(?:[0-9A-Fa-f]{2}){" + LEAST_BYTES + "," + MOST_BYTES + "}")) {
      throw new WrongValueException(
          "must be 32 to 128 hexadecimal digits (openssl rand -hex 32 makes 64)");
    }
    return HexFormat.of().parseHex(hex);
  }

  /** Reads the id of a flow key. */
  static int id(String text) throws WrongValueException {
    if (!text.matches("\\d{1,2}") || Integer.parseInt(text) > LARGEST_ID) {
      throw new WrongValueException("the id of a flow key must be 0 to " + LARGEST_ID);
    }
    return Integer.parseInt(text);
  }

  /**
   * Reads a file of keys, a line each: {@code name = value}.
   *
   * @throws IOException if it cannot be read, or is not right; the message says where.
   */
  public static EdgeKeys read(Path file) throws IOException {
    final Map<Integer, byte[]> flow = new TreeMap<>();
    int current = -1;
    byte[] branch = null;
    final List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (int i = 0; i < lines.size(); i++) {
      final String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      final int equals = line.indexOf('=');
      final String name = line.substring(0, Math.max(0, equals)).strip();
      final String value = line.substring(equals + 1).strip();
      try {
        if (name.startsWith(FLOW)) {
          flow.put(id(name.substring(FLOW.length())), parse(value));
        } else if (name.equals(CURRENT)) {
          current = id(value);
        } else if (name.equals(BRANCH)) {
          branch = parse(value);
        } else {
          throw new WrongValueException(
              "must be " + FLOW + "ID = …, " + CURRENT + " = ID or " + BRANCH + " = …");
        }
      } catch (WrongValueException e) {
        throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    if (branch == null) {
      throw new IOException(file + ": " + BRANCH + " must be set");
    }
    if (!flow.containsKey(current)) {
      throw new IOException(file + ": " + CURRENT + " must be set to the id of one of its keys");
    }
    return new EdgeKeys(flow, current, branch);
  }

  /**
   * The keys of a file, which is made, readable by nobody else, if it is not there.
   *
   * @throws IOException if it can be neither read nor written.
   */
  public static EdgeKeys readOrMake(Path file) throws IOException {
    if (!Files.exists(file)) {
      make(file);
    }
    return read(file);
  }

  private static void make(Path file) throws IOException {
    final SecureRandom random = new SecureRandom();
    final String text =
        "# Keys of flow tokens and branches, made at the first start. Secret. Nodes of one cluster"
            + " share them.\n"
            + FLOW
            + "1 = "
            + newKey(random)
            + "\n"
            + CURRENT
            + " = 1\n"
            + BRANCH
            + " = "
            + newKey(random)
            + "\n";
    final Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    final Path whole = Files.createTempFile(directory, "edge", ".keys", onlyOwner());
    Files.writeString(whole, text);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static FileAttribute<?>[] onlyOwner() {
    final boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(
              Set.copyOf(PosixFilePermissions.fromString("rw-------")))
        }
        : new FileAttribute<?>[0];
  }

  private static String newKey(SecureRandom random) {
    final byte[] key = new byte[NEW_BYTES];
    random.nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
