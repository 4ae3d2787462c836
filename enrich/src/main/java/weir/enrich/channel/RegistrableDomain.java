package weir.enrich.channel;

import com.google.common.net.InternetDomainName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a host that somebody has registered, by the public suffix list. */
final class RegistrableDomain {
  private RegistrableDomain() {}

  /** Null if the host is a public suffix itself, or no domain name. */
  static @Nullable String of(String host) {
    try {
      InternetDomainName name = InternetDomainName.from(host);
      if (name.hasPublicSuffix()) {
        return name.isUnderPublicSuffix() ? name.topPrivateDomain().toString() : null;
      }
      List<String> parts = name.parts(); // an ending that nobody has listed is a suffix itself
      return parts.size() < 2
          ? null
          : String.join(".", parts.subList(parts.size() - 2, parts.size()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      return null;
    }
  }

  /** Whether two hosts belong to one site. */
  static boolean isShared(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    int dot = one.lastIndexOf('.');
    if (dot < 0 || !other.endsWith(one.substring(dot))) {
      return false;
    }
    String domain = of(one);
    return domain != null && domain.equals(of(other));
  }
}
