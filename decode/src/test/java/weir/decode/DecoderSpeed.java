package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures what decoders take for an event that says the same in each protocol: at the door and
 * behind it, in requests of one event and of a hundred. Run it by hand; it counts the time of its
 * one thread.
 */
final class DecoderSpeed {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 15;
  private static final int EVENTS = 60_000;

  /** How a protocol writes a request of some events. */
  private record Protocol(Requests to, String before, String event, String behind) {}

  private static final String OWN =
      """
      "product_id":"p-%1$d","price":9.5,"currency":"EUR","category":"shoes","quantity":1,\
      "brand":"Example","in_stock":true,"position":%1$d,"variant":"blue / 42","coupon":"SPRING",\
      "rating":4.5,"reviews":120\
      """;

  private static final String SEGMENT =
      """
      {"type":"track","event":"Product Viewed","messageId":"m-%1$d","anonymousId":"a-%1$d",\
      "userId":"u-%1$d","timestamp":"2026-01-10T11:59:58.123Z","context":{"library":\
      {"name":"analytics.js","version":"4.1.0"},"ip":"203.0.113.7","userAgent":"Mozilla/5.0 (X11)",\
      "locale":"en-GB","timezone":"Europe/London","page":{"url":"https://shop.example/p/%1$d",\
      "path":"/p/%1$d","title":"A product","referrer":"https://search.example/"},\
      "screen":{"width":1920,"height":1080},"os":{"name":"Linux"},"sessionId":"s-1"},\
      "properties":{OWN}}\
      """;

  private static final String CLICKSTREAM =
      """
      {"event_type":"view_item","event_id":"m-%1$d","unique_id":"a-%1$d","timestamp":1768046398123,\
      "app_id":"shop","platform":"Web","sdk_name":"sdk","sdk_version":"4.1.0","locale":"en-GB",\
      "screen_width":1920,"screen_height":1080,"host_name":"shop.example","make":"Gecko",\
      "zone_offset":0,"user":{"_user_id":{"value":"u-%1$d","set_timestamp":1768046398000}},\
      "attributes":{"_session_id":"s-1","_page_url":"https://shop.example/p/%1$d",\
      "_page_title":"A product","_latest_referrer":"https://search.example/",OWN}}\
      """;

  private static final String POSTHOG =
      """
      {"event":"Product Viewed","uuid":"m-%1$d","timestamp":"2026-01-10T11:59:58.123Z",\
      "properties":{"distinct_id":"u-%1$d","$device_id":"a-%1$d","$is_identified":true,\
      "$lib":"web","$lib_version":"4.1.0","$ip":"203.0.113.7",\
      "$raw_user_agent":"Mozilla/5.0 (X11)","$browser_language":"en-GB","$timezone":"Europe/London",\
      "$current_url":"https://shop.example/p/%1$d","$pathname":"/p/%1$d","$title":"A product",\
      "$referrer":"https://search.example/","$screen_width":1920,"$screen_height":1080,\
      "$os":"Linux","$session_id":"s-1",OWN}}\
      """;

  private static final String RAKAM =
      """
      {"collection":"Product Viewed","properties":{"_user":"u-%1$d","_device_id":"a-%1$d",\
      "_time":1768046398123,"_library_name":"rakam","_library_version":"4.1.0","_ip":"203.0.113.7",\
      "_user_agent":"Mozilla/5.0 (X11)","_locale":"en-GB","_timezone":"Europe/London",\
      "_url":"https://shop.example/p/%1$d","_path":"/p/%1$d","_title":"A product",\
      "_referrer":"https://search.example/","_screen_width":1920,"_screen_height":1080,\
      "_os":"Linux","_session_id":"s-1",OWN}}\
      """;

  private DecoderSpeed() {}

  public static void main(String[] arguments) {
    int limit = SegmentDecoder.MAX_EVENT_BYTES;
    List<Protocol> protocols =
        List.of(
            new Protocol(
                new Requests(new SegmentDecoder(limit), "/v1/batch"),
                "{\"batch\":[",
                SEGMENT,
                "],\"sentAt\":\"2026-01-10T12:00:00Z\"}"),
            new Protocol(
                new Requests(new ClickstreamDecoder(limit), "/collect")
                    .query("platform=Web&appId=shop&upload_timestamp=1768046400000"),
                "[",
                CLICKSTREAM,
                "]"),
            new Protocol(
                new Requests(new PostHogDecoder(limit), "/batch"),
                "{\"api_key\":\"k\",\"batch\":[",
                POSTHOG,
                "],\"sent_at\":\"2026-01-10T12:00:00Z\"}"),
            new Protocol(
                new Requests(new RakamDecoder(limit), "/event/batch"),
                "{\"api\":{\"api_key\":\"k\",\"upload_time\":1768046400000},\"events\":[",
                RAKAM,
                "]}"));
    for (int events : new int[] {1, 100}) {
      for (Protocol protocol : protocols) {
        measure(protocol, events);
      }
    }
  }

  private static void measure(Protocol protocol, int events) {
    String own = protocol.event().replace("OWN", OWN);
    byte[] body =
        IntStream.range(0, events)
            .mapToObj(i -> own.formatted(i))
            .collect(Collectors.joining(",", protocol.before(), protocol.behind()))
            .getBytes(UTF_8);
    Requests to = protocol.to();
    RequestHead head = to.head();
    RawRequest raw = to.raw(events, body);
    double door = micros(events, () -> to.decoder().inspect(head, body));
    double[] sizes = new double[1];
    double decode =
        micros(
            events,
            () ->
                to.decoder()
                    .decode(raw, body, each -> sizes[0] += each instanceof Decoded.Event ? 1 : 0));
    System.out.printf(
        Locale.ROOT,
        "%-12s %3d events of %4d bytes: door %.2f us, decode %.2f us an event%n",
        to.decoder().protocol(),
        events,
        body.length / events,
        door,
        decode);
  }

  /** The median of some rounds. */
  private static double micros(int events, Runnable request) {
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long began = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < EVENTS; i += events) {
        request.run();
      }
      rounds[round] = (THREADS.getCurrentThreadCpuTime() - began) / 1e3 / EVENTS;
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }
}
