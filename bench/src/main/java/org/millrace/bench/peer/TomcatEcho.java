package org.millrace.bench.peer;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.websocket.server.WsSci;

/**
 * Tomcat, embedded, with the same annotated class as Jetty's Jakarta endpoint. Its own process has
 * its jars before those of everybody else, for it brings the Jakarta classes of its own.
 */
final class TomcatEcho implements RunningPeer {
  private static final Logger LOG = Logger.getLogger("org.apache");

  private final Connector plain = new Connector();
  private final Connector secure = new Connector();

  TomcatEcho(Identity identity) throws Exception {
    LOG.setLevel(Level.WARNING);
    final Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(identity.directory().resolve("tomcat").toString());
    secure.setScheme("https");
    secure.setSecure(true);
    secure.setProperty("SSLEnabled", "true");
    secure.addSslHostConfig(tls(identity));
    for (final Connector connector : new Connector[] {plain, secure}) {
      connector.setPort(0);
      connector.setProperty("address", HOST);
      connector.setProperty("acceptCount", Integer.toString(BACKLOG));
      tomcat.getService().addConnector(connector);
    }
    tomcat.setConnector(plain);
    final Context context = tomcat.addContext("", null);
    context.addServletContainerInitializer(new WsSci(), null);
    context.addApplicationListener(Endpoints.class.getName());
    Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
    tomcat.start();
  }

  private static SSLHostConfig tls(Identity identity) {
    final SSLHostConfig tls = new SSLHostConfig();
    final SSLHostConfigCertificate certificate =
        new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.EC);
    certificate.setCertificateKeystoreFile(identity.keyStore().toString());
    certificate.setCertificateKeystorePassword(Identity.PASSWORD);
    certificate.setCertificateKeystoreType("PKCS12");
    tls.addCertificate(certificate);
    return tls;
  }

  @Override
  public int port() {
    return plain.getLocalPort();
  }

  @Override
  public int securePort() {
    return secure.getLocalPort();
  }

  @Override
  public String note() {
    return "an annotated Jakarta endpoint, the same as Jetty's; default thread pool and buffers;"
        + " TLS by the JDK";
  }

  /** Adds the endpoint when the context starts; made by the container. */
  public static final class Endpoints implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      final ServerContainer container =
          (ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName());
      try {
        container.addEndpoint(Endpoint.class);
      } catch (DeploymentException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** One for each connection; made by the container. */
  @ServerEndpoint(PATH)
  public static final class Endpoint {
    @OnMessage
    public void onMessage(Session session, String message) throws IOException {
      session.getBasicRemote().sendText(message);
    }

    /** Clients under load go without a closing handshake: nothing to log. */
    @OnError
    public void onError(Throwable cause) {}
  }
}
