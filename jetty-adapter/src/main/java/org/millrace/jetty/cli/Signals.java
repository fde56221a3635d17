package org.millrace.jetty.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** Signals of the operating system. */
@FunctionalInterface
interface Signals {
  /** Runs an action on a thread of its own whenever a signal arrives: TERM, INT, HUP. */
  void on(String signal, Runnable action);

  /**
   * Those of this process. The JDK has no other way to them than sun.misc.Signal, which javac
   * remarks on in a way that cannot be silenced; therefore by name.
   *
   * @return what does nothing for a signal that this system does not have.
   */
  static Signals ofProcess() {
    return (signal, action) -> {
      try {
        final Class<?> type = Class.forName("sun.misc.Signal");
        final Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        final InvocationHandler handler =
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "handle" -> {
                    action.run();
                    yield null;
                  }
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> "handler of " + signal;
                };
        type.getMethod("handle", type, handlerType)
            .invoke(
                null,
                type.getConstructor(String.class).newInstance(signal),
                Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, handler));
      } catch (java.lang.reflect.InvocationTargetException e) {
        org.slf4j.LoggerFactory.getLogger(Signals.class)
            .debug("signal {} cannot be handled here: {}", signal, e.getCause().toString());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("this Java has no sun.misc.Signal", e);
      }
    };
  }
}
