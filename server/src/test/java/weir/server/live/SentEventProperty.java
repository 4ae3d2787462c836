package weir.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import weir.decode.Header;
import weir.decode.RawRequest;

/** An event is cut out of its request exactly as it was written, whatever surrounds it. */
class SentEventProperty {
  @Property(tries = 300)
  void anEventOfABatchIsCutOutAsItWasWritten(
      @ForAll("events") List<String> events, @ForAll("spaces") String space, @ForAll boolean bare) {
    String list =
        space + "[" + space + String.join(space + "," + space, events) + space + "]" + space;
    String body =
        bare
            ? list
            : "{\"x\":{\"batch\":[1]}," + space + "\"batch\":" + list + ",\"sentAt\":\"now\"}";
    for (int i = 0; i < events.size(); i++) {
      assertThat(SentEvent.text(request("/v1/batch", "application/json", body, false), i, 1 << 20))
          .isEqualTo(events.get(i));
      assertThat(SentEvent.text(request("/v1/import", "application/json", body, true), i, 1 << 20))
          .isEqualTo(events.get(i));
    }
  }

  @Property(tries = 100)
  void aLineIsCutOutAsItWasWritten(@ForAll("events") List<String> events, @ForAll boolean gzip) {
    String body = "\n" + String.join(" \r\n\n  ", events) + "\n";
    for (int i = 0; i < events.size(); i++) {
      RawRequest request = request("/v1/batch", "application/x-ndjson; charset=utf-8", body, gzip);
      assertThat(SentEvent.text(request, i, 1 << 20)).isEqualTo(events.get(i));
    }
  }

  @Property(tries = 200)
  void whateverTheBodyIsThereIsAText(@ForAll String body, @ForAll boolean gzip) {
    RawRequest request = request("/v1/batch", "application/json", body, gzip);
    assertThat(SentEvent.text(request, 0, 1 << 20)).isNotNull();
    assertThat(SentEvent.text(request, 5, 1 << 20)).isNotNull();
  }

  @Property(tries = 100)
  void anEventOfAnotherProtocolIsCutOutOfWhatItIsWrappedIn(
      @ForAll("events") List<String> events, @ForAll boolean posthog) {
    String list = "[" + String.join(", ", events) + "]";
    byte[] body =
        packed(
            (posthog ? "{\"api_key\":\"k\",\"batch\":" + list + "}" : list)
                .getBytes(StandardCharsets.UTF_8));
    RawRequest request =
        new RawRequest(
            new UUID(0, 0),
            posthog ? "posthog" : "clickstream",
            "shop",
            "web",
            "wk",
            "",
            0,
            posthog ? "/e" : "/collect",
            "",
            9,
            List.of(),
            posthog ? body : Base64.getEncoder().encode(body));
    for (int i = 0; i < events.size(); i++) {
      assertThat(SentEvent.text(request, i, 1 << 20)).isEqualTo(events.get(i));
    }
  }

  @Provide
  Arbitrary<List<String>> events() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withChars("aé語\u0001 []{},:")
            .ofMaxLength(8)
            .map(each -> quoted(each));
    Arbitrary<String> value =
        Arbitraries.oneOf(
            text,
            Arbitraries.of("1.50", "-0", "12345678901234567890", "null", "[ 1,[2 ] ]", "{ }"));
    Arbitrary<String> event =
        Combinators.combine(text, value, text, value)
            .as((a, b, c, d) -> "{" + a + ": " + b + " ,\t" + c + ":" + d + "}");
    return event.list().ofMinSize(1).ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> spaces() {
    return Arbitraries.of("", " ", "\n\t", "  \r\n");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\u0001", "\\\"\\u0041") + "\"";
  }

  private static RawRequest request(String path, String type, String body, boolean gzip) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    List<Header> headers = new ArrayList<>(List.of(new Header("content-type", type)));
    if (gzip) {
      headers.add(new Header("content-encoding", "gzip"));
    }
    return new RawRequest(
        new UUID(0, 0),
        "segment",
        "shop",
        "web",
        "wk",
        "",
        0,
        path,
        "",
        9,
        headers,
        gzip ? packed(bytes) : bytes);
  }

  private static byte[] packed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
