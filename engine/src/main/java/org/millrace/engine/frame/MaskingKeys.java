package org.millrace.engine.frame;

/**
 * Where a client takes a fresh masking key for every frame (RFC 6455 section 5.3, requirement
 * Used by one thread.
 */
@FunctionalInterface
public interface MaskingKeys {
  /** The next key, in the native form that {@link Masking} uses. Must not be predictable. */
  int next();
}
