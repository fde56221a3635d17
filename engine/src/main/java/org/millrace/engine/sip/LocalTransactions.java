package org.millrace.engine.sip;

/**
 * Requests towards the core that were made here and not forwarded, such as those that ask whether a
 * target is well. Their answers are for whoever made them and for nobody else; {@link
 * LocalResponses} finds them.
 */
public interface LocalTransactions {
  /** What the branches of such requests begin with; none that is forwarded has it. */
  String BRANCH_MARK = "z9hG4bKh1.";

  /**
   * An answer of the core whose top Via has such a branch. Called by the threads that receive, any
   * number of them at a time; must not wait.
   *
   * @param branch of anybody's making, so it may be one that was never sent.
   * @param status 100 to 699.
   * @param retryAfter seconds that Retry-After says; -1 if there is none.
   */
  void onResponse(String branch, int status, int retryAfter);
}
