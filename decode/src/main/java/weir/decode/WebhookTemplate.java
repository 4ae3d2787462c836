package weir.decode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whose requests a webhook takes: how they are signed, and the mapping that it begins with. */
public enum WebhookTemplate {
  /** JSON or a form of anybody; not signed. */
  PLAIN("plain", false),
  STRIPE("stripe", true),
  GITHUB("github", true),
  SHOPIFY("shopify", true);

  private final String label;
  private final boolean signed;

  WebhookTemplate(String label, boolean signed) {
    this.label = label;
    this.signed = signed;
  }

  /** As commands and the API name it. */
  public String label() {
    return label;
  }

  /** Whether each request bears a signature, made with a secret that both sides know. */
  public boolean isSigned() {
    return signed;
  }

  /** The template of this name. */
  public static Optional<WebhookTemplate> labelled(String label) {
    return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
  }

  /** The names of all. */
  public static String labels() {
    return Arrays.stream(values()).map(WebhookTemplate::label).collect(Collectors.joining(", "));
  }

  /** The mapping of a new webhook, as JSON. */
  public String mapping() {
    String name = "webhook-" + label + ".json";
    try (InputStream in =
        Objects.requireNonNull(WebhookTemplate.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
