package weir.metadata;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A source that a service calls.
 *
 * @param id names it and opens nothing
 * @param name what its events bear as their source
 * @param address the last part of its URL, which cannot be guessed
 * @param template whose requests it takes
 * @param secrets that requests are signed with
 * @param replayKey lets in what is brought again
 * @param mapping of requests to events, as JSON
 * @param rules what the collector asks of requests, as JSON; empty for nothing
 */
public record Webhook(
    String id,
    String project,
    String name,
    String address,
    String template,
    List<SigningSecret> secrets,
    String replayKey,
    String mapping,
    Optional<String> rules,
    boolean enabled,
    Instant createdAt,
    Optional<Instant> deletedAt) {
  public Webhook {
    secrets = List.copyOf(secrets);
  }

  /** Says nothing that opens something. */
  @Override
  public String toString() {
    return id + " (" + name + " of " + project + ")";
  }

  /**
   * A secret that requests may be signed with. It is kept as it is, since a signature is verified
   * with the secret itself.
   *
   * @param until when it ends; empty for never
   */
  public record SigningSecret(String text, Optional<Instant> until) {
    @Override
    public String toString() {
      return "a secret";
    }
  }

  /**
   * What is to be different.
   *
   * @param mapping empty where it stays
   * @param rules makes new rules of those before; what it throws comes back, and nothing changes
   * @param enabled whether requests are let in; empty where that stays
   */
  public record Change(
      Optional<String> mapping, UnaryOperator<Optional<String>> rules, Optional<Boolean> enabled) {}

  /** One to be made. */
  public record New(
      String name,
      String template,
      Optional<String> secret,
      String mapping,
      Optional<String> rules) {
    @Override
    public String toString() {
      return name;
    }
  }
}
