package org.millrace.jetty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.millrace.engine.Engine;
import org.millrace.engine.connection.MessageHandler;
import org.millrace.engine.sip.EmbeddedCore;
import org.millrace.engine.sip.EmbeddedCoreContext;
import org.millrace.engine.sip.FlowInfo;
import org.millrace.jetty.config.CoreConfig;
import org.millrace.jetty.config.EdgeConfig;
import org.millrace.jetty.config.EdgeSubProtocol;
import org.millrace.jetty.config.ListenerConfig;
import org.millrace.jetty.config.PathConfig;
import org.millrace.jetty.handshake.AcceptedHandshake;
import org.millrace.jetty.wire.Wires;

/** What lies behind the sub-protocols, and the rules for the connections that speak them. */
final class Services {
  private final Wires wires;
  private final EmbeddedCore core;
  private final Optional<CoreSide> coreSide;

  /** Of nobody in particular. */
  private final Map<Offer, Flow> flows = new HashMap<>();

  /**
   * @param coreSide there if any path has an upstream.
   */
  Services(EdgeConfig config, Engine engine, Wires wires, Optional<CoreSide> coreSide) {
    this.wires = wires;
    this.coreSide = coreSide;
    core =
        new EmbeddedCore(
            coreContext(config.core()), config.sip().context(), new EngineSender(engine));
    for (final ListenerConfig listener : config.listeners()) {
      for (final PathConfig path : listener.paths()) {
        addFlows(listener, path);
      }
    }
  }

  /** Names are enough: a listener's is its own, and so is a path within it. */
  private record Offer(String listener, String path, EdgeSubProtocol subProtocol) {}

  private void addFlows(ListenerConfig listener, PathConfig path) {
    for (final EdgeSubProtocol subProtocol : path.subProtocols()) {
      flows.put(
          new Offer(listener.name(), path.path(), subProtocol),
          new Flow(
              listener, path, subProtocol, path.connection().apply(subProtocol), Optional.empty()));
    }
  }

  private static EmbeddedCoreContext coreContext(CoreConfig config) {
    final EmbeddedCoreContext context =
        new EmbeddedCoreContext()
            .realm(config.realm())
            .minExpires(config.minExpires())
            .defaultExpires(config.defaultExpires())
            .maxExpires(config.maxExpires())
            .maxContactsPerUser(config.maxContactsPerUser())
            .maxBindings(config.maxBindings());
    config.domains().forEach(context::domain);
    if (config.digest()) {
      config.users().forEach(context::user);
    }
    return context;
  }

  EmbeddedCore core() {
    return core;
  }

  /** The connection that takes over an endpoint after its opening handshake. */
  Connection connection(EndPoint endPoint, AcceptedHandshake handshake) {
    final Offer offer =
        new Offer(handshake.listener().name(), handshake.path().path(), handshake.subProtocol());
    final Flow flow = flows.get(offer).of(handshake.identity());
    return wires.newWire(
        endPoint, handshake.client(), flow.context(), handler(endPoint, handshake, flow));
  }

  private MessageHandler handler(EndPoint endPoint, AcceptedHandshake handshake, Flow flow) {
    final MessageHandler service =
        switch (handshake.subProtocol()) {
          case SIP -> sipHandler(handshake.path(), flowInfo(endPoint, handshake));
          case ECHO -> EchoHandler.INSTANCE;
          case MSRP -> throw new IllegalStateException("msrp passed the configuration's check");
        };
    return new FlowHandler(flow, service);
  }

  private MessageHandler sipHandler(PathConfig path, FlowInfo info) {
    return path.upstream()
        .map(policy -> coreSide.orElseThrow().proxy().newHandler(info, policy))
        .orElseGet(() -> core.newHandler(info));
  }

  private static FlowInfo flowInfo(EndPoint endPoint, AcceptedHandshake handshake) {
    final ListenerConfig listener = handshake.listener();
    final InetSocketAddress local = (InetSocketAddress) endPoint.getLocalSocketAddress();
    final HostAndPort advertised =
        listener
            .advertised()
            .map(text -> HostAndPort.parse(text, local.getPort()))
            .orElseGet(() -> HostAndPort.of(local));
    return new FlowInfo(
        listener.isSecureForClients(),
        advertised.host(),
        advertised.port(),
        inetAddress(handshake.client()),
        handshake.identity().orElse(null));
  }

  private static InetSocketAddress inetAddress(SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet : null;
  }
}
