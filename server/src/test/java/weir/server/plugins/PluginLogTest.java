package weir.server.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PluginLogTest {
  private static final String PREFIX = "plug-ins of shop print: ";

  private final Logger logger = (Logger) LoggerFactory.getLogger(PluginLog.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private long nanos;

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(logged);
    logger.setLevel(null);
  }

  private List<String> said(InputStream printed) {
    new PluginLog(printed, "shop", () -> nanos).run();
    return logged.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .map(line -> line.substring(PREFIX.length()))
        .toList();
  }

  private List<String> said(String printed) {
    return said(stream(printed));
  }

  private static InputStream stream(String printed) {
    return new ByteArrayInputStream(printed.getBytes(UTF_8));
  }

  private static String numbered(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "line " + i + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void linesAreLoggedWithTheirProjectAndInTheirLetters() {
    assertThat(said("für\n\nzwei\n")).containsExactly("für", "", "zwei");
    assertThat(logged.list).allMatch(line -> line.getFormattedMessage().startsWith(PREFIX));
  }

  @Test
  void whatIsSaidInTheEndIsLoggedWithoutALineEndToo() {
    assertThat(said("one\nout of mem")).containsExactly("one", "out of mem");
  }

  @Test
  void nothingThatControlsATerminalGetsThrough() {
    assertThat(said("a\u001b[2Jb\rc\td\n")).containsExactly("a?[2Jb?c?d");
  }

  @Test
  void aLongLineIsCut() {
    assertThat(said("x".repeat(100_000) + "\nnext\n")).containsExactly("x".repeat(600), "next");
  }

  @Test
  void ofManyTheFirstOfASecondAreLogged() {
    InputStream later =
        new InputStream() {
          @Override
          public int read() {
            nanos += TimeUnit.SECONDS.toNanos(1);
            return -1;
          }
        };
    InputStream first = stream(numbered(0, 100));
    assertThat(said(new SequenceInputStream(new SequenceInputStream(first, later), stream("b\n"))))
        .hasSize(31)
        .endsWith("line 29", "b");
  }

  @Test
  void aBrokenPipeEndsIt() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken");
          }
        };
    assertThat(said(new SequenceInputStream(stream("a\n"), broken))).containsExactly("a");
  }
}
