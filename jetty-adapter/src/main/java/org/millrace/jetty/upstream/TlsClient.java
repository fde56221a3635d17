package org.millrace.jetty.upstream;

import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.millrace.jetty.config.Network;

/**
 * TLS towards one upstream.
 *
 * @param factory started.
 * @param domain whose certificate is expected: a name, or an address without brackets.
 * @param check how it is checked.
 */
record TlsClient(SslContextFactory.Client factory, String domain, Check check) {
  /** Whose rules tell whether a certificate is the domain's. */
  enum Check {
    NONE,
    /** RFC 5922. */
    SIP,
    /** RFC 9110 section 4.3.4. */
    HTTPS
  }

  SSLEngine newEngine(int port) {
    final SSLEngine engine = factory.newSSLEngine(domain, port);
    engine.setUseClientMode(true);
    final SSLParameters parameters = engine.getSSLParameters();
    if (!Network.isWrittenAsAddress(domain)) {
      parameters.setServerNames(List.of(new SNIHostName(domain)));
    }
    if (check == Check.HTTPS) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** To be called when the handshake is done. */
  void verify(SSLSession session) throws SSLPeerUnverifiedException {
    if (check == Check.SIP) {
      DomainCheck.check(session, domain);
    }
  }
}
