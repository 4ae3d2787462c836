package weir.decode;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The SDKs of Clickstream Analytics on AWS, web and mobile: protocol {@code clickstream}. The body
 * is a JSON array of events, or one of them; the mobile SDKs send base64 of gzip of it, as text.
 * The query's appId may be the write key.
 */
final class ClickstreamDecoder extends DocumentDecoder<ClickstreamEvent> {
  private static final Set<String> PATHS = Set.of("/collect");

  ClickstreamDecoder(int maxEventBytes) {
    super(maxEventBytes);
  }

  @Override
  public String protocol() {
    return "clickstream";
  }

  @Override
  public Set<String> paths() {
    return PATHS;
  }

  @Override
  public Set<String> getPaths() {
    return Set.of();
  }

  @Override
  public byte[] unwrapped(RequestHead head, byte[] body, int limit)
      throws ContentEncodingException {
    return WrappedText.unwrapped(body, limit);
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return Reply.STANDARD;
  }

  @Override
  Shape shape(RequestHead head) {
    return Shape.EVENT;
  }

  @Override
  SharedFields.Names names() {
    return SharedFields.Names.NONE;
  }

  @Override
  ClickstreamEvent sent(RequestHead head, boolean full, SharedFields shared) {
    return new ClickstreamEvent(full, shared);
  }

  @Override
  @Nullable String keyOf(RequestHead head) {
    return PercentQuery.value(head.query(), "appId");
  }

  @Override
  @Nullable String sentAtOf(RequestHead head) {
    return PercentQuery.value(head.query(), "upload_timestamp");
  }

  @Override
  Decoded.Event event(RawRequest request, int index, ClickstreamEvent read)
      throws UnusableEventException {
    return read.decoded(request, index);
  }
}
