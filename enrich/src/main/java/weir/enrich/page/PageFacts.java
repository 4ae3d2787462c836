package weir.enrich.page;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What addresses of pages say, the newest kept. Safe for use by several threads.
 *
 * @param url its parts
 * @param campaign what it says of a campaign
 */
public record PageFacts(PageUrl url, Campaign campaign) {
  private static final int LONGEST_KEPT = 2_048;

  /** Addresses that were read, by their text. */
  public static final class Known {
    private final Cache<String, Optional<PageFacts>> kept =
        Caffeine.newBuilder().maximumSize(4_096).executor(Runnable::run).build();

    /** Null if it is no address that a browser would take. */
    public @Nullable PageFacts of(String address) {
      if (address.length() > LONGEST_KEPT) {
        return read(address);
      }
      Optional<PageFacts> known = kept.getIfPresent(address);
      if (known == null) {
        known = Optional.ofNullable(read(address));
        kept.put(address, known);
      }
      return known.orElse(null);
    }

    private static @Nullable PageFacts read(String address) {
      PageUrl url = PageUrl.of(address);
      return url == null ? null : new PageFacts(url, Campaign.of(url));
    }
  }
}
