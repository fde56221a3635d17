package org.millrace.bench.load.sip;

/**
 * A call that was accepted, as its caller knows it.
 *
 * @param user of the caller.
 * @param sequence number of its INVITE.
 * @param target where requests within it go.
 * @param routes header fields that lead there, with their ends of line.
 * @param to the header field with the tag of the one who was called, without its end of line.
 */
record Call(int user, long sequence, String target, String routes, String to) {}
