package weir.collect;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads answers off a socket. */
final class RawHttp {
  private final InputStream in;
  private String head = "";
  private String body = "";

  RawHttp(Socket socket) throws IOException {
    this.in = socket.getInputStream();
  }

  /** Reads one answer whole; 0 if the connection has ended instead. */
  int readStatus() throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        if (text.isEmpty()) {
          return 0;
        }
        throw new EOFException("in the head: " + text);
      }
      text.append((char) b);
    }
    head = text.toString().toLowerCase(Locale.ROOT);
    int at = head.indexOf("content-length: ");
    int length = 0;
    if (at >= 0) {
      length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
    }
    body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return Integer.parseInt(head.substring(9, 12));
  }

  String head() {
    return head;
  }

  String body() {
    return body;
  }
}
