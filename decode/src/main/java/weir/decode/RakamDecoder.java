package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rakam's collection API: protocol {@code rakam}. One event, a batch of them, one in the fields of
 * a form or query ({@code collection}, {@code api.api_key}, {@code prop.NAME}), and what the calls
 * for users say. The key is {@code api.api_key}.
 */
final class RakamDecoder extends DocumentDecoder<RakamEvent> {
  private static final String BATCH = "/event/batch";
  private static final String PIXEL = "/event/pixel";
  private static final Set<String> USERS =
      Set.of("/user/set_properties", "/user/set_properties_once", "/user/merge");
  private static final Set<String> PATHS =
      Set.of(
          BATCH,
          PIXEL,
          "/event/collect",
          "/user/set_properties",
          "/user/set_properties_once",
          "/user/merge");

  private static final SharedFields.Names NAMES =
      new SharedFields.Names(Set.of("events"), Set.of("api_key"), Set.of("upload_time"), "api");

  private static final Reply TAKEN = Reply.text("application/json", "1");
  private static final String API = "api.";
  private static final String PROPERTY = "prop.";

  /** As JSON writes them and nobody writes anything else; no more digits than a double holds. */
  private static final Pattern LITERAL =
      Pattern.compile("true|false|-?(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,10})?");

  RakamDecoder(int maxEventBytes) {
    super(maxEventBytes);
  }

  @Override
  public String protocol() {
    return "rakam";
  }

  @Override
  public Set<String> paths() {
    return PATHS;
  }

  @Override
  public Set<String> getPaths() {
    return Set.of(PIXEL);
  }

  @Override
  public byte[] unwrapped(RequestHead head, byte[] body, int limit)
      throws ContentEncodingException {
    boolean json = body.length > 0 && (body[0] == '{' || body[0] == '[');
    if (!head.path().equals(PIXEL) || json) {
      return body;
    }
    String form = body.length == 0 ? head.query() : head.query() + "&" + new String(body, UTF_8);
    return ContentEncoding.IDENTITY.decode(document(form), limit);
  }

  /** The document that the fields of a form stand for. */
  private static byte[] document(String form) {
    Map<String, Object> event = new LinkedHashMap<>();
    Map<String, Object> api = new LinkedHashMap<>();
    Map<String, Object> properties = new LinkedHashMap<>();
    PercentQuery.read(
        form,
        (name, value) -> {
          if (name.startsWith(API)) {
            api.put(name.substring(API.length()), value);
          } else if (name.startsWith(PROPERTY)) {
            properties.put(name.substring(PROPERTY.length()), typed(value));
          } else if (!name.equals("write_key")) {
            event.put(name, value);
          }
        });
    event.put("api", JsonText.object(api));
    event.put("properties", JsonText.object(properties));
    return JsonText.object(event).text().getBytes(UTF_8);
  }

  private static Object typed(String value) {
    return LITERAL.matcher(value).matches() ? new Decoded.Json(value) : value;
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return head.path().equals(PIXEL) ? Pixel.GIF : TAKEN;
  }

  @Override
  Shape shape(RequestHead head) {
    return head.path().equals(BATCH) ? Shape.LIST : Shape.EVENT;
  }

  @Override
  SharedFields.Names names() {
    return NAMES;
  }

  @Override
  RakamEvent sent(RequestHead head, boolean full, SharedFields shared) {
    return new RakamEvent(full, shared, USERS.contains(head.path()));
  }

  @Override
  Decoded.Event event(RawRequest request, int index, RakamEvent read)
      throws UnusableEventException {
    return read.decoded(request, index);
  }
}
