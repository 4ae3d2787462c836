package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures door and decoder of each protocol over requests of ten events that say the same: who,
 * where, with what, and twelve properties. Run it by hand.
 */
final class DecodeSpeed {
  private static final int EVENTS = 10;
  private static final int REQUESTS = 20_000;
  private static final int ROUNDS = 7;
  private static final int LIMIT = SegmentDecoder.MAX_EVENT_BYTES;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final String PROPERTIES =
      """
      "product_id":"p-7","price":7.5,"currency":"EUR","category":"shoes","quantity":1,\
      "brand":"Example","inStock":true,"position":3,"variant":"blue / 42","coupon":"SPRING",\
      "rating":4.5,"note":"%s"\
      """
          .formatted("x".repeat(120));
  private static final String AGENT =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36";
  private static final String URL = "https://shop.example/p/7?utm_source=mail";
  private static final String SENT = "],\"sent_at\":\"2026-01-10T12:00:00Z\"}";
  private static final String RAKAM =
      "{\"api\":{\"api_key\":\"k\",\"upload_time\":1768046400000},\"events\":[";
  private static final List<Header> JSON = List.of(new Header("content-type", "application/json"));

  private record Subject(String name, Decoder decoder, Captured request, int events) {}

  private DecodeSpeed() {}

  public static void main(String[] arguments) {
    List<Subject> subjects =
        List.of(
            new Subject(
                "segment",
                new SegmentDecoder(),
                batch("/v1/batch", "{\"batch\":[", "]}", segment()),
                EVENTS),
            new Subject(
                "clickstream",
                new ClickstreamDecoder(LIMIT),
                batch("/collect", "[", "]", clickstream())
                    .with("platform=Web&appId=shop&upload_timestamp=1768046400000"),
                EVENTS),
            new Subject(
                "posthog",
                new PostHogDecoder(LIMIT),
                batch("/batch", "{\"api_key\":\"k\",\"batch\":[", SENT, postHog()),
                EVENTS),
            new Subject(
                "rakam",
                new RakamDecoder(LIMIT),
                batch("/event/batch", RAKAM, "]}", rakam()),
                EVENTS),
            new Subject(
                "snowplow",
                new SnowplowDecoder(LIMIT),
                batch("/tp2", "{\"data\":[", "]}", snowplow(false)),
                EVENTS),
            new Subject(
                "snowplow base64",
                new SnowplowDecoder(LIMIT),
                batch("/tp2", "{\"data\":[", "]}", snowplow(true)),
                EVENTS),
            new Subject(
                "ga4",
                new Ga4Decoder(LIMIT),
                batch("/mp/collect", ga4Head(), "]}", ga4())
                    .with("api_secret=KEY&measurement_id=G-1"),
                EVENTS),
            new Subject("cloudevents", new CloudEventsDecoder(LIMIT), cloudEvents(), EVENTS),
            new Subject("pixel", new PixelDecoder(LIMIT), pixel(), 1),
            new Subject("webhook", webhookDecoder(), batch("/hook", "[", "]", webhook()), EVENTS));
    double[] segment = new double[2];
    for (Subject subject :
        subjects.stream()
            .filter(each ->
                arguments.length == 0
                    || each.name.equals("segment")
                    || each.name.equals(arguments[0]))
            .toList()) {
      double[] micros = measure(subject);
      segment = subject.name.equals("segment") ? micros : segment;
      System.out.printf(
          "%-16s %5d bytes an event; door %5.2f us (%.2f of segment's), decode %5.2f us (%.2f)%n",
          subject.name,
          (subject.request.body().length + subject.request.query().length()) / subject.events,
          micros[0],
          micros[0] / segment[0],
          micros[1],
          micros[1] / segment[1]);
    }
  }

  /** Microseconds of CPU an event, of the best round: the door's and the decoder's. */
  private static double[] measure(Subject subject) {
    double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
    RequestHead head = subject.request.head();
    byte[] body = subject.request.body();
    RawRequest stored = subject.request.stored(subject.decoder, subject.events);
    int[] taken = new int[1];
    int requests = REQUESTS * EVENTS / subject.events;
    for (int round = 0; round < ROUNDS; round++) {
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < requests; i++) {
        taken[0] += ((Inspection.Readable) subject.decoder.inspect(head, body)).events();
      }
      long between = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < requests; i++) {
        subject.decoder.decode(
            stored, body, event -> taken[0] += event instanceof Decoded.Event ? 1 : 0);
      }
      long end = THREADS.getCurrentThreadCpuTime();
      best[0] = Math.min(best[0], (between - start) / 1e3 / REQUESTS / EVENTS);
      best[1] = Math.min(best[1], (end - between) / 1e3 / REQUESTS / EVENTS);
    }
    if (taken[0] != 2 * ROUNDS * REQUESTS * EVENTS) {
      throw new IllegalStateException(subject.name + " made " + taken[0]);
    }
    return best;
  }

  private static Captured batch(String path, String before, String behind, String event) {
    String events =
        IntStream.range(0, EVENTS)
            .mapToObj(i -> event.replace("$I", String.valueOf(i)))
            .collect(Collectors.joining(","));
    return new Captured(path, "", JSON, (before + events + behind).getBytes(UTF_8));
  }

  private static String segment() {
    return """
    {"type":"track","event":"Product Viewed","messageId":"message-$I","anonymousId":"a-7",\
    "userId":"user-7","timestamp":"2026-01-10T11:59:58.123Z","sentAt":"2026-01-10T12:00:00Z",\
    "context":{"library":{"name":"analytics.js","version":"4.1.0"},"ip":"203.0.113.7",\
    "userAgent":"%s","locale":"en-GB","timezone":"Europe/London","page":{"url":"%s",\
    "title":"A product","referrer":"https://search.example/"},\
    "screen":{"width":1920,"height":1080}},"properties":{%s}}\
    """
        .formatted(AGENT, URL, PROPERTIES);
  }

  private static String clickstream() {
    return """
    {"event_type":"view_item","event_id":"m-$I","unique_id":"a-$I","timestamp":1768046398123,\
    "app_id":"shop","platform":"Web","sdk_name":"sdk","sdk_version":"4.1.0","locale":"en-GB",\
    "screen_width":1920,"screen_height":1080,"host_name":"shop.example","make":"Gecko",\
    "zone_offset":0,"user":{"_user_id":{"value":"u-$I","set_timestamp":1768046398000}},\
    "attributes":{"_session_id":"s-1","_page_url":"https://shop.example/p/$I",\
    "_page_title":"A product","_latest_referrer":"https://search.example/",%s}}\
    """
        .formatted(PROPERTIES);
  }

  private static String postHog() {
    return """
    {"event":"Product Viewed","uuid":"m-$I","timestamp":"2026-01-10T11:59:58.123Z",\
    "properties":{"distinct_id":"u-$I","$device_id":"a-$I","$is_identified":true,\
    "$lib":"web","$lib_version":"4.1.0","$ip":"203.0.113.7",\
    "$raw_user_agent":"Mozilla/5.0 (X11)","$browser_language":"en-GB","$timezone":"Europe/London",\
    "$current_url":"https://shop.example/p/$I","$pathname":"/p/$I","$title":"A product",\
    "$referrer":"https://search.example/","$screen_width":1920,"$screen_height":1080,\
    "$os":"Linux","$session_id":"s-1",%s}}\
    """
        .formatted(PROPERTIES);
  }

  private static String rakam() {
    return """
    {"collection":"Product Viewed","properties":{"_user":"u-$I","_device_id":"a-$I",\
    "_time":1768046398123,"_library_name":"rakam","_library_version":"4.1.0","_ip":"203.0.113.7",\
    "_user_agent":"Mozilla/5.0 (X11)","_locale":"en-GB","_timezone":"Europe/London",\
    "_url":"https://shop.example/p/$I","_path":"/p/$I","_title":"A product",\
    "_referrer":"https://search.example/","_screen_width":1920,"_screen_height":1080,\
    "_os":"Linux","_session_id":"s-1",%s}}\
    """
        .formatted(PROPERTIES);
  }

  private static String snowplow(boolean base64) {
    String data =
        """
        {"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0","data":\
        {"schema":"iglu:com.acme/product_viewed/jsonschema/1-0-0","data":{%s}}}\
        """
            .formatted(PROPERTIES);
    String contexts =
        """
        {"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0","data":[\
        {"schema":"iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0",\
        "data":{"id":"3ff6a8d2-6d3f-4f5e-8a0b-6f1c7c3c8f10"}}]}\
        """;
    return """
    {"e":"ue","eid":"message-$I","aid":"KEY","p":"web","tv":"js-4.10.1","tna":"sp","uid":"user-7",\
    "duid":"a-7","sid":"s-7","vid":"3","dtm":"1768046398123","stm":"1768046400000",\
    "ip":"203.0.113.7","ua":"%s","lang":"en-GB","tz":"Europe/London","url":"%s",\
    "page":"A product","refr":"https://search.example/","res":"1920x1080","vp":"1200x900",\
    "cd":"24","cookie":"1","cs":"UTF-8","ds":"1200x4000","%s":%s,"%s":%s}\
    """
        .formatted(
            AGENT,
            URL,
            base64 ? "ue_px" : "ue_pr",
            base64 ? encoded(data) : JsonText.quoted(data),
            base64 ? "cx" : "co",
            base64 ? encoded(contexts) : JsonText.quoted(contexts));
  }

  private static String encoded(String json) {
    return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8)) + '"';
  }

  private static String ga4Head() {
    return """
    {"client_id":"a-7","user_id":"user-7","timestamp_micros":"1768046398123000",\
    "ip_override":"203.0.113.7","user_agent":"%s",\
    "device":{"language":"en-GB","screen_resolution":"1920x1080"},"events":[\
    """
        .formatted(AGENT);
  }

  private static String ga4() {
    return """
    {"name":"view_item","params":{"session_id":"s-7","page_location":"%s",\
    "page_title":"A product","page_referrer":"https://search.example/",%s}}\
    """
        .formatted(URL, PROPERTIES);
  }

  private static Captured cloudEvents() {
    String event =
        """
        {"specversion":"1.0","id":"message-$I","source":"/shop","type":"Product Viewed",\
        "subject":"p-7","time":"2026-01-10T11:59:58.123Z","userid":"user-7","anonymousid":"a-7",\
        "sessionid":"s-7","url":"%s","locale":"en-GB","useragent":"%s","data":{%s}}\
        """
            .formatted(URL, AGENT, PROPERTIES);
    Captured batch = batch("/ce", "[", "]", event);
    return new Captured(
        "/ce",
        "",
        List.of(new Header("content-type", "application/cloudevents-batch+json")),
        batch.body());
  }

  private static WebhookDecoder webhookDecoder() {
    return WebhookDecoderTest.decoder(
        """
        {"event":"body.type","message_id":"body.id","timestamp":"body.at","user_id":"body.user",\
        "value":"body.data.price","currency":"body.data.currency","properties":"body.data"}\
        """);
  }

  private static String webhook() {
    return """
    {"id":"message-$I","type":"Product Viewed","at":"2026-01-10T11:59:58.123Z","user":"user-7",\
    "page":"%s","agent":"%s","data":{%s}}\
    """
        .formatted(URL, AGENT, PROPERTIES);
  }

  private static Captured pixel() {
    String query =
        "write_key=KEY&event=Product%20Viewed&user_id=user-7&anonymous_id=a-7&session_id=s-7"
            + "&page_url=https%3A%2F%2Fshop.example%2Fp%2F7%3Futm_source%3Dmail&page_title=A+product"
            + "&referrer=https%3A%2F%2Fsearch.example%2F&locale=en-GB&screen_width=1920"
            + "&screen_height=1080&prop.product_id=p-7&prop.price=7.5&currency=EUR"
            + "&prop.category=shoes&prop.quantity=1&prop.brand=Example&prop.inStock=true"
            + "&prop.position=3&prop.variant=blue+%2F+42&prop.coupon=SPRING&prop.rating=4.5&prop.note="
            + "x".repeat(120);
    return new Captured(
        "/pixel.gif", query, Arrays.asList(new Header("user-agent", AGENT)), new byte[0]);
  }
}
