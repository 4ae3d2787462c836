package weir.decode;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a provider has sent a request: an HMAC-SHA256 over the body as it arrived, compared
 * in constant time, with each of the secrets that are in force.
 *
 * <ul>
 *   <li>Stripe: {@code Stripe-Signature: t=SECONDS,v1=HEX,v1=HEX}, over {@code SECONDS.BODY}; the
 *       time may be off by {@link #TOLERANCE}
 *   <li>GitHub: {@code X-Hub-Signature-256: sha256=HEX}
 *   <li>Shopify: {@code X-Shopify-Hmac-Sha256: BASE64}
 * </ul>
 */
public final class WebhookSignature {
  /** How old a signature with a time may be, as Stripe's own libraries have it. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String ALGORITHM = "HmacSHA256";
  private static final String STRIPE = "stripe-signature";
  private static final String GITHUB = "x-hub-signature-256";
  private static final String SHOPIFY = "x-shopify-hmac-sha256";

  private WebhookSignature() {}

  /**
   * What speaks against a request; null if it is signed as it has to be.
   *
   * @param header the value of a header by its lower-case name; null where there is none
   * @param body as it arrived
   */
  public static @Nullable String fault(
      WebhookTemplate template,
      List<String> secrets,
      Function<String, @Nullable String> header,
      byte[] body,
      Instant now) {
    if (secrets.isEmpty() && template.isSigned()) {
      return "the webhook has no secret in force that a signature could be checked with: give it the"
          + " provider's (./weir webhook rotate ID --secret)";
    }
    return switch (template) {
      case PLAIN -> null;
      case STRIPE -> stripe(secrets, header.apply(STRIPE), body, now);
      case GITHUB -> {
        String value = header.apply(GITHUB);
        byte[] sent = value != null && value.startsWith("sha256=") ? hex(value.substring(7)) : null;
        yield whole(secrets, GITHUB, value, sent, body);
      }
      case SHOPIFY -> {
        String value = header.apply(SHOPIFY);
        yield whole(secrets, SHOPIFY, value, value == null ? null : base64(value), body);
      }
    };
  }

  private static @Nullable String whole(
      List<String> secrets,
      String name,
      @Nullable String value,
      byte @Nullable [] sent,
      byte[] body) {
    if (value == null) {
      return missing(name);
    }
    if (sent == null) {
      return "the header " + name + " cannot be read";
    }
    return matches(secrets, List.of(sent), body) ? null : wrong(name);
  }

  private static @Nullable String stripe(
      List<String> secrets, @Nullable String value, byte[] body, Instant now) {
    if (value == null) {
      return missing(STRIPE);
    }
    String time = null;
    List<byte[]> sent = new ArrayList<>();
    for (String part : value.split(",", 32)) {
      String field = part.strip();
      if (field.startsWith("t=")) {
        time = field.substring(2);
      } else if (field.startsWith("v1=")) {
        byte[] signature = hex(field.substring(3));
        if (signature != null) {
          sent.add(signature);
        }
      }
    }
    Long seconds = time == null ? null : seconds(time);
    if (seconds == null || sent.isEmpty()) {
      return "the header " + STRIPE + " cannot be read: it must be t=SECONDS,v1=SIGNATURE";
    }
    byte[] before = (time + ".").getBytes(StandardCharsets.UTF_8);
    if (!matches(secrets, sent, before, body)) {
      return wrong(STRIPE);
    }
    return Math.abs(now.getEpochSecond() - seconds) <= TOLERANCE.toSeconds()
        ? null
        : "the signature is older than "
            + TOLERANCE.toMinutes()
            + " minutes, or this machine's clock is wrong";
  }

  private static @Nullable Long seconds(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 12;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return digits ? (Long) Long.parseLong(text) : null;
  }

  private static String missing(String name) {
    return "the request has no header " + name + ": it is not signed";
  }

  private static String wrong(String name) {
    return "the signature in "
        + name
        + " is not that of this body by the webhook's secret: compare the secret with the"
        + " provider's (./weir webhook rotate ID --secret)";
  }

  private static boolean matches(List<String> secrets, List<byte[]> sent, byte[]... parts) {
    boolean found = false;
    for (String secret : secrets) {
      byte[] right = hmac(secret, parts);
      for (byte[] each : sent) {
        found |= MessageDigest.isEqual(right, each);
      }
    }
    return found;
  }

  private static byte[] hmac(String secret, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  private static byte @Nullable [] hex(String text) {
    try {
      return HexFormat.of().parseHex(text.strip());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static byte @Nullable [] base64(String text) {
    try {
      return Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
