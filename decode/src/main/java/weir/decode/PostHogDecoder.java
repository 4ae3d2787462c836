package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PostHog's libraries: protocol {@code posthog}. Each path takes an event, an array of events, or
 * an object with an array {@code batch}; as JSON, as gzip that no header tells of, as base64, or in
 * a form's or query's field {@code data}. Questions for feature flags are answered: there are none.
 */
final class PostHogDecoder extends DocumentDecoder<PostHogEvent> {
  private static final Set<String> QUESTIONS = Set.of("/flags", "/decide");

  private static final Set<String> GETS = Set.of("/e", "/capture", "/track", "/engage");

  private static final Set<String> PATHS =
      Set.of("/batch", "/e", "/i/v0/e", "/capture", "/track", "/engage", "/flags", "/decide");

  private static final SharedFields.Names NAMES =
      new SharedFields.Names(
          Set.of("batch"), Set.of("api_key", "token"), Set.of("sent_at", "sentAt"), "");

  private static final Reply TAKEN = Reply.text("application/json", "{\"status\":1}");

  private static final Reply NO_FLAGS =
      Reply.text(
          "application/json",
          """
          {"flags":{},"featureFlags":{},"featureFlagPayloads":{},"errorsWhileComputingFlags":false,\
          "supportedCompression":["gzip","gzip-js"],"sessionRecording":false,"surveys":false,\
          "heatmaps":false,"autocaptureExceptions":false,"capturePerformance":false,\
          "captureDeadClicks":false,"siteApps":[],"toolbarParams":{},"isAuthenticated":false,\
          "config":{"enable_collect_everything":true}}\
          """);

  PostHogDecoder(int maxEventBytes) {
    super(maxEventBytes);
  }

  @Override
  public String protocol() {
    return "posthog";
  }

  @Override
  public Set<String> paths() {
    return PATHS;
  }

  @Override
  public Set<String> getPaths() {
    return GETS;
  }

  @Override
  public byte[] unwrapped(RequestHead head, byte[] body, int limit)
      throws ContentEncodingException {
    byte[] sent = body;
    if (body.length == 0 && GETS.contains(head.path())) {
      sent = data(head.query(), body);
    } else if (begins(body, "data=")) {
      sent = data(new String(body, UTF_8), body);
    }
    return WrappedText.unwrapped(sent, limit);
  }

  private static byte[] data(String form, byte[] otherwise) {
    String data = PercentQuery.value(form, "data");
    if (data == null) {
      return otherwise;
    }
    boolean json = data.startsWith("{") || data.startsWith("[");
    // a plus that nobody has escaped is none of a form's spaces: base64 has none
    return (json ? data : data.replace(' ', '+')).getBytes(UTF_8);
  }

  private static boolean begins(byte[] body, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (i == body.length || body[i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return QUESTIONS.contains(head.path()) ? NO_FLAGS : TAKEN;
  }

  @Override
  Shape shape(RequestHead head) {
    return QUESTIONS.contains(head.path()) ? Shape.QUESTION : Shape.EITHER;
  }

  @Override
  SharedFields.Names names() {
    return NAMES;
  }

  @Override
  PostHogEvent sent(RequestHead head, boolean full, SharedFields shared) {
    return new PostHogEvent(full, shared, head.path().equals("/engage"));
  }

  /** Milliseconds by the browser's clock. */
  @Override
  @Nullable String sentAtOf(RequestHead head) {
    return PercentQuery.value(head.query(), "_");
  }

  @Override
  Decoded.Event event(RawRequest request, int index, PostHogEvent read)
      throws UnusableEventException {
    return PostHogMapping.event(request, index, read);
  }
}
