package weir.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for processes that are told where to listen. They lie below those that systems give to
 * outgoing connections, so that none takes one away between the choice and its use.
 */
public final class FreePorts {
  private static final int FIRST = 12_000;
  private static final int END = 32_000;

  private FreePorts() {}

  /** A port of the loopback address that nothing listens on. */
  public static int next() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (java.net.BindException e) {
      return false;
    }
  }
}
