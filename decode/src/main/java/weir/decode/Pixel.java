package weir.decode;

import java.util.Base64;

/** The image that stands for a request which a page makes by showing it. */
final class Pixel {
  /** One transparent pixel as a GIF. */
  static final Reply GIF =
      new Reply.Exactly(
          200,
          "image/gif",
          Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"));

  private Pixel() {}
}
