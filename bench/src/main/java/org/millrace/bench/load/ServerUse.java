package org.millrace.bench.load;

/**
 * What the server's process took.
 *
 * @param cpuSeconds of the measured time, all threads, user and system.
 * @param residentBefore bytes before the first connection.
 * @param residentConnected bytes when all connections were open, before any message.
 * @param residentEnd bytes at the end of the measured time.
 */
public record ServerUse(
    double cpuSeconds, long residentBefore, long residentConnected, long residentEnd) {}
