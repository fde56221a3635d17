package org.millrace.bench.load;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time as people write it: 500ms, 30s, 5m, 1h. */
public final class TimeConverter implements ITypeConverter<Duration> {
  private static final Pattern TIME = Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s|m|h)");
  private static final double NS = 1e9;

  @Override
  public Duration convert(String text) {
    final Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is no time; write 500ms, 30s, 5m or 1h");
    }
    final double seconds =
        switch (matcher.group(2)) {
          case "us" -> 1e-6;
          case "ms" -> 1e-3;
          case "s" -> 1;
          case "m" -> 60;
          default -> 3600;
        };
    return Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(1)) * seconds * NS));
  }
}
