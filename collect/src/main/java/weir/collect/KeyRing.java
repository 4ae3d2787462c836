package weir.collect;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The write keys and webhooks at one moment. Immutable. */
public final class KeyRing {
  private static final KeyRing EMPTY = new KeyRing(List.of());

  private final Map<String, WriteKey> byKey;

  /** Enabled keys by the whole Authorization header in its two usual spellings. */
  private final Map<String, WriteKey> byAuthorization;

  /** By their addresses. */
  private final Map<String, Webhook> webhooks;

  /** One without webhooks. */
  public KeyRing(Collection<WriteKey> keys) {
    this(keys, List.of());
  }

  /** Of two entries with one key or address the last counts. */
  public KeyRing(Collection<WriteKey> keys, Collection<Webhook> webhooks) {
    Map<String, WriteKey> all = new LinkedHashMap<>();
    keys.forEach(key -> all.put(key.key(), key));
    this.byKey = Collections.unmodifiableMap(all);
    Map<String, WriteKey> headers = new HashMap<>();
    for (WriteKey key : all.values()) {
      if (key.enabled()) {
        String pair = key.key() + ":";
        headers.put(
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)),
            key);
        headers.put("Bearer " + key.key(), key);
      }
    }
    this.byAuthorization = Map.copyOf(headers);
    Map<String, Webhook> byAddress = new LinkedHashMap<>();
    webhooks.forEach(webhook -> byAddress.put(webhook.address(), webhook));
    this.webhooks = Collections.unmodifiableMap(byAddress);
  }

  public static KeyRing empty() {
    return EMPTY;
  }

  public boolean isEmpty() {
    return byKey.isEmpty() && webhooks.isEmpty();
  }

  /** All keys, the disabled ones too, in their order. */
  public Collection<WriteKey> keys() {
    return byKey.values();
  }

  /** All webhooks, in their order. */
  public Collection<Webhook> webhooks() {
    return webhooks.values();
  }

  /** The webhook at this address, or null. */
  @Nullable Webhook webhook(String address) {
    return webhooks.get(address);
  }

  /** The enabled key of this text, or null. */
  public @Nullable WriteKey find(String key) {
    WriteKey found = byKey.get(key);
    return found != null && found.enabled() ? found : null;
  }

  /**
   * The enabled key that an Authorization header bears (Basic, with the key as user and any
   * password, or Bearer), or null.
   */
  public @Nullable WriteKey authorized(String header) {
    WriteKey known = byAuthorization.get(header);
    return known != null ? known : find(textIn(header));
  }

  /** What an Authorization header bears as its key; empty if that cannot be told. */
  static String textIn(String header) {
    String stripped = header.strip();
    int space = stripped.indexOf(' ');
    if (space < 0) {
      return "";
    }
    String credentials = stripped.substring(space + 1).strip();
    return switch (stripped.substring(0, space).toLowerCase(Locale.ROOT)) {
      case "bearer" -> credentials;
      case "basic" -> userOf(credentials);
      default -> "";
    };
  }

  private static String userOf(String credentials) {
    try {
      String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? pair : pair.substring(0, colon);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
