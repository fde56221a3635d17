package org.millrace.jetty.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The proxy between clients and the core, as far as it is the same for all paths.
 *
 * @param node number of this node in tokens; any 32 bits.
 * @param keys of tokens and branches, if the configuration or a file has them.
 * @param keyFile where keys are to be kept that are made because there are none.
 * @param verifyBranch whether answers must have the branch that their other fields say (C-40).
 * @param droppedHeaders names of header fields that requests of clients lose (C-4).
 * @param viaKeys tokens that are kept here so that Via shows keys instead (C-44); 0 for whole ones.
 * @param transactions with the core over UDP.
 * @param transactionMode of the paths that are stateful proxies.
 */
public record EdgeProxyConfig(
    int node,
    Optional<EdgeKeys> keys,
    Path keyFile,
    boolean verifyBranch,
    List<String> droppedHeaders,
    int viaKeys,
    TransactionsConfig transactions,
    TransactionModeConfig transactionMode) {}
