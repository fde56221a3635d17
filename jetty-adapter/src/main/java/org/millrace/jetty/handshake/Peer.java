package org.millrace.jetty.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.io.EndPoint;

/**
 * Who is at the other end of a connection, before anything is believed that it says.
 *
 * @param transport address of the peer of the socket.
 * @param client the same, or what a trusted proxy said with PROXY.
 * @param secure whether the connection is TLS as far as this process.
 * @param certificates that the client proved to own, its own one first.
 * @param endPoint what is released at close; absent if the connector is not one of ours.
 */
record Peer(
    SocketAddress transport,
    SocketAddress client,
    boolean secure,
    List<X509Certificate> certificates,
    Optional<AdmittedEndPoint> endPoint) {

  static Peer of(EndPoint endPoint) {
    final Optional<AdmittedEndPoint> admitted = AdmittedEndPoint.under(endPoint);
    final SocketAddress client = endPoint.getRemoteSocketAddress();
    final EndPoint.SslSessionData tls = endPoint.getSslSessionData();
    final X509Certificate[] certificates = tls == null ? null : tls.peerCertificates();
    return new Peer(
        admitted.map(EndPoint::getRemoteSocketAddress).orElse(client),
        client,
        tls != null,
        certificates == null ? List.of() : List.of(certificates),
        admitted);
  }

  /** The address of an IP socket; empty for other kinds, and once the socket is closed. */
  static Optional<InetAddress> inetAddress(SocketAddress address) {
    return address instanceof InetSocketAddress ip
        ? Optional.ofNullable(ip.getAddress())
        : Optional.empty();
  }
}
