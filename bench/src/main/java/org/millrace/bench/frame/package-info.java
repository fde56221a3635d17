/**
 * What a frame costs: decode, encode, mask, validate; Millrace beside the WebSocket code of Jetty
 * and Netty in the same run.
 *
 * <p>Each peer has a class of its own, so that the JIT sees one kind of buffer and one decoder per
 * call site, and runs over the kind of memory that it uses in production: direct buffers, pooled in
 * Netty's case. Several texts take turns, lest the branch predictor learn one by heart.
 */
package org.millrace.bench.frame;
