package org.millrace.engine.sip;

import org.agrona.DirectBuffer;

/**
 * Requests towards the core that were made here and not forwarded, such as those that ask whether a
 * target is well. Their answers are for whoever made them and for nobody else.
 */
public interface LocalTransactions {
  /** There are none; their answers are dropped. */
  LocalTransactions NONE = (branch, length, status, retryAfter) -> {};

  /** What the branches of such requests begin with; none that is forwarded has it. */
  String BRANCH_MARK = "z9hG4bKh1.";

  /**
   * An answer of the core whose top Via has such a branch. Called by the threads that receive, any
   * number of them at a time; must not wait.
   *
   * @param branch in ASCII; of anybody's making, so it may be one that was never sent.
   * @param length of the branch.
   * @param status 100 to 699.
   * @param retryAfter seconds that Retry-After says; -1 if there is none.
   */
  void onResponse(byte[] branch, int length, int status, int retryAfter);

  /**
   * Hands an answer on if it is for requests made here. To be asked before any other use of it.
   *
   * @param response well-formed.
   * @param scratch for the branch, 64 bytes or more; longer branches are of nobody here.
   * @return whether it was: then it is not to be forwarded, nor counted as foreign.
   */
  static boolean take(LocalTransactions transactions, SipMessage response, byte[] scratch) {
    final ViaValue via = response.topVia();
    final int length = via.branchLength();
    if (!LocalBranch.isMarked(response.buffer(), via.branchOffset(), length)) {
      return false;
    }
    if (length <= scratch.length) {
      response.buffer().getBytes(via.branchOffset(), scratch, 0, length);
      transactions.onResponse(
          scratch, length, response.status(), LocalBranch.retryAfter(response));
    }
    return true;
  }
}
