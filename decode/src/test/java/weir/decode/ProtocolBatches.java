package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A protocol's batches, some events of which are odd.
 *
 * @param around what stands before and behind the events, and says something of all of them
 * @param events of which $I is another number in each
 */
record ProtocolBatches(
    Decoder decoder, String path, String query, String type, String[][] around, String... events) {
  private static final int LARGEST = 3_000;

  /** What any list may hold, of whatever protocol. */
  private static final List<String> ODD =
      List.of(
          "7",
          "-0.5e3",
          "null",
          "true",
          "\"text\"",
          "[]",
          "[{}]",
          "{}",
          "{\"\\ud800\":1}",
          "{\"a\":\"\\udc00\\ud83d\\ude00\"}",
          "{\"a\":" + "[".repeat(400) + "]".repeat(400) + "}",
          "{\"x\":\"" + "y".repeat(LARGEST) + "\"}");

  static Stream<ProtocolBatches> all() {
    String[][] segment = {
      {"[", "]"},
      {"{\"batch\":[", "]}"},
      {
        "{\"sentAt\":\"2026-01-10T12:00:00Z\",\"batch\":[",
        "],\"context\":{\"app\":{\"name\":\"a\"}}}"
      },
      {
        "{\"x\":{\"batch\":[1]},\"\\ud800\":[2],\"context\":{\"ip\":\"1.2.3.4\"},\"batch\" : [",
        "] }"
      },
      {"\ufeff {\"context\":{\"a\":1},\"context\":{\"b\":2},\"batch\":[", "],\"sentAt\":\"x\"}"}
    };
    String[] calls = {
      "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":\"m-$I\"}",
      "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":$I,\"messageId\":null}",
      "{\"type\":\"page\",\"anonymousId\":\"a\",\"messageId\":$I,\"properties\":{\"a\":[1,{\"b\":2}]}}",
      "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":\" \"}",
      "{\"messageId\":\"null\",\"type\":\"identify\",\"userId\":\"u\",\"traits\":{\"\\ud800\":\"\\udfff\"}}",
      "{\"messageId\":\"\\ud800$I\",\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"timestamp\":\"x\"}",
      "{\"messageId\":\"b-$I\",\"type\":\"track\"}",
      "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"context\":{\"app\":{\"name\":\"own\"}}}"
    };
    return Stream.of(
        new ProtocolBatches(
            new SegmentDecoder(LARGEST), "/v1/batch", "", "application/json", segment, calls),
        new ProtocolBatches(
            new SegmentDecoder(LARGEST),
            "/v1/import",
            "",
            "application/x-ndjson",
            new String[][] {
              {"", ""}, {"\ufeff\r\n \n", "\n\n"}, {"{\"type\":\"nothing\"\n", "\n\u0000"}
            },
            calls),
        new ProtocolBatches(
            new ClickstreamDecoder(LARGEST),
            "/collect",
            "appId=shop&upload_timestamp=1768046400000&platform=Web",
            "application/json",
            new String[][] {{"[", "]"}, {" \n[ ", " ] "}},
            "{\"event_type\":\"view\",\"event_id\":\"c-$I\",\"unique_id\":\"a\",\"timestamp\":1768046398123}",
            "{\"event_type\":\"view\",\"device_id\":\"a\",\"attributes\":{\"_session_id\":\"s\"}}",
            "{\"event_type\":\"view\",\"event_id\":$I,\"user\":{\"_user_id\":{\"value\":\"u\"}}}",
            "{\"event_type\":\"view\",\"event_id\":{},\"unique_id\":\"a\",\"timestamp\":\"never\"}"),
        new ProtocolBatches(
            new PostHogDecoder(LARGEST),
            "/batch",
            "_=1768046400000",
            "application/json",
            new String[][] {
              {"[", "]"},
              {"{\"api_key\":\"k\",\"batch\":[", "],\"sent_at\":\"2026-01-10T12:00:00Z\"}"},
              {"{\"historical_migration\":true,\"batch\":7,\"batch\":[", "],\"\\udc00\":{}}"}
            },
            "{\"event\":\"e\",\"uuid\":\"p-$I\",\"distinct_id\":\"d\",\"properties\":{\"$lib\":\"web\"}}",
            "{\"event\":\"e\",\"properties\":{\"distinct_id\":\"d\",\"$insert_id\":\"i-$I\"}}",
            "{\"event\":\"e\",\"properties\":{\"distinct_id\":\"d\",\"$insert_id\":\"i\",\"$insert_id\":$I}}",
            "{\"properties\":{\"$insert_id\":\"i-$I\",\"distinct_id\":\"d\"},\"uuid\":\"\",\"event\":\"$set\"}",
            "{\"event\":\"e\",\"distinct_id\":\"d\",\"offset\":$I,\"properties\":{\"$insert_id\":null}}",
            "{\"event\":\"e\",\"distinct_id\":\"d\",\"timestamp\":\"never\",\"properties\":{\"$insert_id\":\"t-$I\"}}",
            "{\"uuid\":\"q-$I\"}"),
        new ProtocolBatches(
            new RakamDecoder(LARGEST),
            "/event/batch",
            "",
            "application/json",
            new String[][] {
              {"{\"api\":{\"api_key\":\"k\",\"upload_time\":1768046400000},\"events\":[", "]}"},
              {"{\"events\":[", "],\"api\":{\"a\":[1]},\"more\":{\"events\":[3]}}"}
            },
            "{\"collection\":\"view\",\"properties\":{\"_user\":\"u\",\"n\":$I}}",
            "{\"collection\":\"\",\"properties\":{}}",
            "{\"collection\":\"view\",\"properties\":{\"_time\":\"never\"}}"),
        new ProtocolBatches(
            new SnowplowDecoder(LARGEST),
            "/com.snowplowanalytics.snowplow/tp2",
            "",
            "application/json",
            new String[][] {
              {"{\"schema\":\"iglu:s\",\"data\":[", "]}"},
              {"{\"\\ud800\":1,\"data\": [\n", "\n] , \"b\":{}}"}
            },
            "{\"e\":\"pv\",\"eid\":\"s-$I\",\"url\":\"https://a/\",\"dtm\":\"1768046398123\",\"aid\":\"KEY\"}",
            "{\"e\":\"se\",\"se_ac\":\"act\",\"eid\":$I,\"eid\":\"\"}",
            "{\"e\":\"ue\",\"ue_pr\":\"{\\\"schema\\\":1}\",\"eid\":\"u-$I\"}",
            "{\"e\":\"ue\",\"ue_pr\":\"{\\\"schema\\\":\\\"iglu:com.snowplowanalytics.snowplow/unstruct_event/"
                + "jsonschema/1-0-0\\\",\\\"data\\\":{\\\"schema\\\":\\\"iglu:c/n/jsonschema/1-0-0\\\","
                + "\\\"data\\\":{\\\"\\ud800\\\":1}}}\"}",
            "{\"e\":\"pp\",\"ttm\":\"never\"}",
            "{\"e\":\"xx\",\"eid\":[1]}"),
        new ProtocolBatches(
            new Ga4Decoder(LARGEST),
            "/mp/collect",
            "api_secret=k&measurement_id=G-1",
            "application/json",
            new String[][] {
              {"{\"client_id\":\"a\",\"timestamp_micros\":\"1768046398123000\",\"events\":[", "]}"},
              {
                "{\"events\":[",
                "],\"user_id\":\"u\",\"device\":{\"language\":\"en\"},\"\\ud800\":1}"
              },
              {"{\"events\":[", "]}"}
            },
            "{\"name\":\"view_item\",\"params\":{\"session_id\":\"s\",\"n\":$I}}",
            "{\"name\":\"view_item\",\"timestamp_micros\":\"never\"}",
            "{\"name\":\"\"}"),
        new ProtocolBatches(
            new CloudEventsDecoder(LARGEST),
            "/ce",
            "",
            "application/cloudevents-batch+json",
            new String[][] {{"[", "]"}, {"\ufeff[\r\n", "\r\n]\t"}},
            "{\"specversion\":\"1.0\",\"id\":\"e-$I\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"a\":1}}",
            "{\"specversion\":\"1.0\",\"id\":$I,\"source\":\"/s\",\"type\":\"t\",\"time\":\"never\"}",
            "{\"specversion\":\"1.0\",\"id\":\"e-$I\",\"type\":\"t\",\"data_base64\":\"e30=\"}",
            "{\"specversion\":\"1.0\",\"id\":{},\"id\":\"\",\"source\":\"/s\",\"type\":\"t\"}"),
        new ProtocolBatches(
            WebhookDecoderTest.decoder(WebhookTemplate.PLAIN.mapping()),
            "/hook",
            "",
            "application/json",
            new String[][] {{"[", "]"}},
            "{\"event\":\"e\",\"id\":\"$I\"}"));
  }

  @Override
  public String toString() {
    return decoder.protocol() + " " + path + " " + type;
  }

  private byte[] body(Random random) {
    String[] beside = around[random.nextInt(around.length)];
    String between = type.endsWith("ndjson") ? "\n" : random.nextBoolean() ? "," : " ,\n ";
    StringBuilder body = new StringBuilder(beside[0]);
    int count = random.nextInt(25);
    boolean odd = random.nextBoolean();
    for (int i = 0; i < count; i++) {
      body.append(i == 0 ? "" : between);
      String event =
          odd && random.nextInt(4) == 0
              ? ODD.get(random.nextInt(ODD.size()))
              : events[random.nextInt(events.length)];
      body.append(event.replace("$I", String.valueOf(random.nextInt(10_000))));
    }
    return body.append(beside[1]).toString().getBytes(UTF_8);
  }

  /** Compressed, or wrapped as the protocol's clients do it, or as it is. */
  RawRequest request(Random random) {
    byte[] body = body(random);
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("content-type", type));
    headers.add(new Header("user-agent", "Mozilla/5.0 (X11; Linux x86_64)"));
    String asked = query;
    byte[] sent = body;
    boolean wraps = decoder instanceof PostHogDecoder || decoder instanceof ClickstreamDecoder;
    String to = path;
    switch (random.nextInt(4)) {
      case 0 -> {
        headers.add(new Header("content-encoding", "gzip"));
        sent = zipped(body);
      }
      case 1 -> sent = wraps ? Base64.getEncoder().encode(zipped(body)) : body;
      case 2 -> {
        if (decoder instanceof PostHogDecoder && random.nextBoolean()) {
          to = "/e";
          asked += "&data=" + Base64.getUrlEncoder().encodeToString(body);
          sent = new byte[0];
        } else if (decoder instanceof PostHogDecoder) {
          sent = ("data=" + Base64.getUrlEncoder().encodeToString(body)).getBytes(UTF_8);
        }
      }
      default -> {}
    }
    return raw(decoder, to, asked, headers, sent);
  }

  static RawRequest raw(
      Decoder decoder, String path, String query, List<Header> headers, byte[] body) {
    return new RawRequest(
        new UUID(1, 2),
        decoder.protocol(),
        "shop",
        "s",
        "KEY",
        "192.0.2.7",
        1_796_068_759_500_000L,
        path,
        query,
        0,
        headers,
        body);
  }

  static byte[] zipped(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(out)) {
      zip.write(body);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }
}
