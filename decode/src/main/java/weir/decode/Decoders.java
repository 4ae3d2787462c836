package weir.decode;

import java.util.List;

/** The client protocols that Weir understands. */
public final class Decoders {
  private Decoders() {}

  /**
   * One decoder of each.
   *
   * @param maxEventBytes an event of more bytes is quarantined
   */
  public static List<Decoder> all(int maxEventBytes) {
    return List.of(
        new SegmentDecoder(maxEventBytes),
        new ClickstreamDecoder(maxEventBytes),
        new PostHogDecoder(maxEventBytes),
        new RakamDecoder(maxEventBytes),
        new SnowplowDecoder(maxEventBytes),
        new Ga4Decoder(maxEventBytes),
        new CloudEventsDecoder(maxEventBytes),
        new PixelDecoder(maxEventBytes));
  }
}
