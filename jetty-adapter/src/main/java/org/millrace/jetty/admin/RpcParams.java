package org.millrace.jetty.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters of a call. Kamailio's methods take them by position, whatever their names (F-6);
 * ours by name, or by position in an array.
 */
final class RpcParams {
  private static final int MAX_DIGITS = 19;

  private final JsonNode params;

  /**
   * @param params an array, an object, or null.
   */
  RpcParams(JsonNode params) {
    this.params = params;
  }

  int size() {
    return params == null ? 0 : params.size();
  }

  /** By position; null if there are fewer. */
  JsonNode at(int position) {
    if (position >= size()) {
      return null;
    }
    if (params.isArray()) {
      return params.get(position);
    }
    final Iterator<JsonNode> values = params.elements();
    for (int i = 0; i < position; i++) {
      values.next();
    }
    return values.next();
  }

  /** By name from an object, by position from an array; null if it is not there, or is null. */
  JsonNode named(String name, int position) {
    final JsonNode value = params != null && params.isObject() ? params.get(name) : at(position);
    return value == null || value.isNull() ? null : value;
  }

  Optional<String> text(String name, int position) throws RpcFault {
    final JsonNode value = named(name, position);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw RpcFault.invalidParams(400, name + ": must be a string");
    }
    return Optional.of(value.textValue());
  }

  int integer(String name, int position, int min, int max, int defaultValue) throws RpcFault {
    final JsonNode value = named(name, position);
    if (value == null) {
      return defaultValue;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < min
        || value.intValue() > max) {
      throw RpcFault.invalidParams(400, name + ": must be a number from " + min + " to " + max);
    }
    return value.intValue();
  }

  /** A connection id: a number, or its digits for clients whose numbers are doubles. */
  OptionalLong id(int position) {
    final JsonNode value = at(position);
    if (value != null && value.isIntegralNumber() && value.canConvertToLong()) {
      return OptionalLong.of(value.longValue());
    }
    if (value != null
        && value.isTextual()
        && value.textValue().matches("\\d{1," + MAX_DIGITS + "}")) {
      try {
        return OptionalLong.of(Long.parseLong(value.textValue()));
      } catch (NumberFormatException e) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  @Override
  public String toString() {
    return params == null ? "[]" : params.toString();
  }
}
