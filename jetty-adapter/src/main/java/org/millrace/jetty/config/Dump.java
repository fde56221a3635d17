package org.millrace.jetty.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;

/** The configuration in effect, for people: itself a configuration that could be read again. */
final class Dump {
  private static final int COMMENT_COLUMN = 72;

  private final List<String> lines = new ArrayList<>();

  Dump(ConfigObject effective) {
    add(ConfigSources.ROOT, effective);
  }

  private void add(String key, ConfigValue value) {
    if (value instanceof ConfigObject object && !object.isEmpty()) {
      object.keySet().stream()
          .sorted()
          .forEach(name -> add(key + "." + ConfigUtil.joinPath(name), object.get(name)));
      return;
    }
    final String setting = key + " = " + text(key, value);
    lines.add(
        setting
            + " ".repeat(Math.max(1, COMMENT_COLUMN - setting.length()))
            + "# "
            + Origins.location(value));
  }

  private static String text(String key, ConfigValue value) {
    if (value instanceof ConfigList list) {
      return list.stream().map(it -> text(key, it)).toList().toString();
    }
    if (value instanceof ConfigObject object) {
      final List<String> entries = new ArrayList<>();
      object.forEach((name, it) -> entries.add(name + " = " + text(key + "." + name, it)));
      return entries.isEmpty() ? "{}" : "{ " + String.join(", ", entries) + " }";
    }
    return value.unwrapped() != null && Secrets.isSecret(key)
        ? '"' + Secrets.MASK + '"'
        : value.render(ConfigRenderOptions.concise());
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n";
  }
}
