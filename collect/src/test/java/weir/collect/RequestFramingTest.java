package weir.collect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import weir.log.MemoryLog;

/** Heads that two servers may read differently are refused, and what follows them is not read. */
class RequestFramingTest {
  private static final Pattern ANSWER = Pattern.compile("HTTP/1[.]1 [0-9]{3}");

  /** What a request is to be refused for; each has a second request within it. */
  static Map<String, String> shapes() {
    String inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    String chunked = "0\r\n\r\n" + inner;
    Map<String, String> shapes = new LinkedHashMap<>();
    shapes.put(
        "unknown coding", "Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\n" + chunked);
    shapes.put("identity", "Transfer-Encoding: identity\r\nContent-Length: 4\r\n\r\n" + chunked);
    shapes.put("gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n\r\n" + chunked);
    shapes.put("chunked, identity", "Transfer-Encoding: chunked, identity\r\n\r\n" + chunked);
    shapes.put(
        "chunked twice",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked);
    shapes.put(
        "chunked and cow",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n" + chunked);
    shapes.put(
        "cow and chunked",
        "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked);
    shapes.put("quoted", "Transfer-Encoding: \"chunked\"\r\nContent-Length: 4\r\n\r\n" + chunked);
    shapes.put(
        "vertical tab", "Transfer-Encoding: \u000bchunked\r\nContent-Length: 4\r\n\r\n" + chunked);
    shapes.put(
        "space before colon", "Transfer-Encoding : chunked\r\nContent-Length: 4\r\n\r\n" + chunked);
    shapes.put(
        "length before chunked",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked);
    shapes.put(
        "chunked before length",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + chunked);
    shapes.put("two lengths", "Content-Length: 0\r\nContent-Length: 40\r\n\r\n" + inner);
    shapes.put("the same length twice", "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + inner);
    shapes.put("a list of lengths", "Content-Length: 0, 40\r\n\r\n" + inner);
    shapes.put("signed length", "Content-Length: +0\r\n\r\n" + inner);
    shapes.put("negative length", "Content-Length: -1\r\n\r\n" + inner);
    shapes.put("hexadecimal length", "Content-Length: 0x0\r\n\r\n" + inner);
    shapes.put("length of spaces", "Content-Length: 0 0\r\n\r\n" + inner);
    shapes.put("two hosts", "Host: b\r\nContent-Length: 0\r\n\r\n" + inner);
    shapes.put("the same host twice", "Host: a\r\nContent-Length: 0\r\n\r\n" + inner);
    return shapes;
  }

  @Test
  void unclearRequestsAreRefusedAndNothingAfterThemIsRead() throws IOException {
    Map<String, String> wrong = new LinkedHashMap<>();
    try (Door door = new Door(new MemoryLog())) {
      shapes()
          .forEach((name, shape) -> {
            String said = said(door, "POST /v1/track HTTP/1.1\r\nHost: a\r\n" + shape);
            if (!said.startsWith("HTTP/1.1 400 ") || ANSWER.matcher(said).results().count() != 1) {
              wrong.put(name, said);
            }
          });
      String old =
          said(door, "POST /v1/track HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
      assertThat(old).startsWith("HTTP/1.").contains(" 400 ");
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void clearOnesAreNot() throws IOException {
    String body = Door.track("a");
    String head =
        "POST /v1/track HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: "
            + Door.BASIC
            + "\r\n";
    try (Door door = new Door(new MemoryLog())) {
      for (String shape :
          new String[] {
            "Content-Length: " + body.length() + "\r\n\r\n" + body,
            "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length())
                + "\r\n"
                + body
                + "\r\n0\r\n\r\n",
            "transfer-encoding: Chunked\r\n\r\n"
                + Integer.toHexString(body.length())
                + "\r\n"
                + body
                + "\r\n0\r\n\r\n",
          }) {
        assertThat(said(door, head + shape)).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  /** All that is answered until the connection ends. */
  private static String said(Door door, String request) {
    try (Socket socket = door.connect()) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
