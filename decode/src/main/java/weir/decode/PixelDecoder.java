package weir.decode;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event in the address of an image: protocol {@code pixel}. {@code GET
 * /pixel.gif?write_key=KEY&event=NAME} takes columns of events by their names and properties as
 * {@code prop.NAME}. Whom it is of need not be known.
 */
public final class PixelDecoder extends WalkingDecoder<PixelEvent> {
  private static final Set<String> PATHS = Set.of("/pixel.gif");

  private final int maxEventBytes;

  /**
   * @param maxEventBytes an event of more bytes is quarantined
   */
  public PixelDecoder(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  @Override
  public String protocol() {
    return "pixel";
  }

  @Override
  public Set<String> paths() {
    return PATHS;
  }

  @Override
  public Set<String> getPaths() {
    return PATHS;
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return Pixel.GIF;
  }

  @Override
  @Nullable String walk(RequestHead head, byte[] body, boolean full, Taker<PixelEvent> taker)
      throws MalformedException {
    if (body.length > 0) {
      throw new MalformedException("the pixel's event is in its query: send no body");
    }
    PixelEvent event = new PixelEvent(full);
    PercentQuery.read(head.query(), event::field);
    byte[] source = head.query().getBytes(StandardCharsets.UTF_8);
    SegmentDoor.Fault fault =
        source.length > maxEventBytes
            ? SegmentDoor.tooLarge(source.length, maxEventBytes)
            : event.fault();
    taker.take(event, fault, source, 0, source.length);
    return null;
  }

  @Override
  Decoded.Event event(RawRequest request, int index, PixelEvent read)
      throws UnusableEventException {
    return read.event(request, index);
  }
}
