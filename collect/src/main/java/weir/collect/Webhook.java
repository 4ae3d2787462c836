package weir.collect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.decode.WebhookSignature;
import weir.decode.WebhookTemplate;
import weir.event.EpochMicros;

/**
 * A path that a service sends to.
 *
 * @param address the path's last part, which cannot be guessed
 * @param key whose project, source and rules its requests have; its text names the webhook, and
 *     opens nothing
 * @param template how its requests are signed
 * @param secrets that they may be signed with
 * @param replayKey lets in what is brought again
 */
public record Webhook(
    String address,
    WriteKey key,
    WebhookTemplate template,
    List<Secret> secrets,
    String replayKey) {
  public Webhook {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(template, "template");
    secrets = List.copyOf(secrets);
    if (address.isBlank() || replayKey.isBlank()) {
      throw new IllegalArgumentException("a webhook's address or replay key is blank");
    }
  }

  /**
   * A secret.
   *
   * @param until when it ends, in microseconds since the epoch; {@link Long#MAX_VALUE} for never
   */
  public record Secret(String text, long until) {
    @Override
    public String toString() {
      return "a secret";
    }
  }

  /** What speaks against a body that a service sends; null if it is signed as it has to be. */
  @Nullable Refusal refusal(Function<String, @Nullable String> header, byte[] body, Instant now) {
    if (!template.isSigned()) {
      return null;
    }
    long micros = EpochMicros.of(now);
    List<String> inForce =
        secrets.stream().filter(each -> each.until() > micros).map(Secret::text).toList();
    String fault = WebhookSignature.fault(template, inForce, header, body, now);
    return fault == null ? null : Refusal.of(401, "wrong_signature", fault);
  }

  /** Whether an Authorization header lets in what is brought again. */
  boolean isReplay(@Nullable String authorization) {
    return authorization != null
        && MessageDigest.isEqual(
            ("Bearer " + replayKey).getBytes(StandardCharsets.UTF_8),
            authorization.getBytes(StandardCharsets.UTF_8));
  }

  /** Says nothing that opens something. */
  @Override
  public String toString() {
    return key.key() + " of " + key.project();
  }
}
