package org.millrace.bench.statistics;

/** What two samples of times say of the second. */
public enum Verdict {
  /** By more than the threshold, surely. */
  FASTER("faster"),
  /** By more than the threshold, surely. */
  SLOWER("slower"),
  /** The threshold either way is surely not reached. */
  SAME("same"),
  /** None of these is sure. */
  UNCLEAR("too noisy to tell");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
