package org.millrace.jetty.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Set;

/** Which values are never shown. */
final class Secrets {
  static final String MASK = "********";

  private static final Set<String> KEYS = Set.of("password", "token", "hmac-secret");

  private Secrets() {}

  /** Whether the value under a full key is secret: by its name, or as a user's password. */
  static boolean isSecret(String key) {
    final List<String> names = split(key.replaceFirst("\\[\\d+]", ""));
    final int last = names.size() - 1;
    return KEYS.contains(names.get(last)) || (last > 0 && names.get(last - 1).equals("users"));
  }

  private static List<String> split(String key) {
    try {
      return ConfigUtil.splitPath(key);
    } catch (ConfigException e) {
      return List.of(key);
    }
  }
}
