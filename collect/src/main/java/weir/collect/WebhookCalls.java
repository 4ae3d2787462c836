package weir.collect;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.decode.Addressed;
import weir.decode.Decoder;

/** The paths of webhooks: {@code ROOT/ADDRESS}, and {@code ROOT/ADDRESS/replay}. */
final class WebhookCalls {
  private static final WebhookCalls NONE = new WebhookCalls(null, "", "");

  private final @Nullable Decoder decoder;
  private final String prefix;
  private final String replayed;

  private WebhookCalls(@Nullable Decoder decoder, String prefix, String replayed) {
    this.decoder = decoder;
    this.prefix = prefix;
    this.replayed = replayed;
  }

  /**
   * A request to one of them.
   *
   * @param path that it is stored with, without the address
   */
  record Call(Decoder decoder, String path, String address, boolean replayed) {}

  /** Those that the decoder among these reads which is addressed; none if none is. */
  static WebhookCalls of(List<Decoder> decoders) {
    for (Decoder decoder : decoders) {
      if (decoder instanceof Addressed addressed) {
        return new WebhookCalls(decoder, addressed.root() + "/", addressed.replayed());
      }
    }
    return NONE;
  }

  /** The call to a normalized path. */
  Optional<Call> at(String path) {
    if (decoder == null || !path.startsWith(prefix)) {
      return Optional.empty();
    }
    String rest = path.substring(prefix.length());
    String suffix = replayed.substring(prefix.length() - 1);
    boolean again = rest.endsWith(suffix);
    String address = again ? rest.substring(0, rest.length() - suffix.length()) : rest;
    String stored = again ? replayed : prefix.substring(0, prefix.length() - 1);
    return Optional.of(new Call(decoder, stored, address, again));
  }
}
