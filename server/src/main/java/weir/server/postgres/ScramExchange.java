package weir.server.postgres;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import weir.metadata.ApiKey;
import weir.metadata.KeyStore;
import weir.metadata.ScramVerifier;

/**
 * The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding. The name in the
 * messages counts for nothing, as in PostgreSQL.
 */
final class ScramExchange {
  static final String MECHANISM = "SCRAM-SHA-256";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String project;
  private final List<KeyStore.Verifiable> keys;
  private Optional<ApiKey> proven = Optional.empty();
  private String header = "";
  private String bare = "";
  private String first = "";
  private String nonce = "";

  ScramExchange(String project, List<KeyStore.Verifiable> keys) {
    this.project = project;
    this.keys = keys;
  }

  /** Answers the client's first message. */
  String first(String message) throws PostgresException {
    int comma = message.indexOf(',', message.indexOf(',') + 1);
    if (comma < 0 || !(message.startsWith("n,") || message.startsWith("y,"))) {
      throw PostgresException.protocol("SCRAM without channel binding is expected");
    }
    header = message.substring(0, comma + 1);
    bare = message.substring(comma + 1);
    byte[] random = new byte[18];
    RANDOM.nextBytes(random);
    nonce = attribute(bare, 'r') + Base64.getEncoder().encodeToString(random);
    first =
        "r="
            + nonce
            + ",s="
            + Base64.getEncoder().encodeToString(ScramVerifier.salt(project))
            + ",i="
            + ScramVerifier.ITERATIONS;
    return first;
  }

  /** Answers the client's proof; empty if it proves nothing. */
  Optional<String> last(String message) throws PostgresException {
    int end = message.lastIndexOf(",p=");
    if (end < 0) {
      throw PostgresException.protocol("SCRAM's proof is missing");
    }
    String withoutProof = message.substring(0, end);
    String binding = Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8));
    if (!attribute(withoutProof, 'r').equals(nonce)
        || !attribute(withoutProof, 'c').equals(binding)) {
      throw PostgresException.protocol("SCRAM's nonce or channel binding is not the one before");
    }
    String authMessage = bare + "," + first + "," + withoutProof;
    ScramVerifier.Proof proof =
        new ScramVerifier.Proof(decoded(message.substring(end + 3)), authMessage);
    for (KeyStore.Verifiable each : keys) {
      if (each.verifier().isPresent() && proof.isOf(each.verifier().get())) {
        proven = Optional.of(each.key());
        return Optional.of("v=" + each.verifier().get().serverSignature(authMessage));
      }
    }
    return Optional.empty();
  }

  /** The key that the client has proved to know. */
  Optional<ApiKey> proven() {
    return proven;
  }

  private static byte[] decoded(String base64) throws PostgresException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw PostgresException.protocol("SCRAM's proof is not Base64");
    }
  }

  private static String attribute(String message, char name) throws PostgresException {
    for (String part : message.split(",", -1)) {
      if (part.length() > 2 && part.charAt(0) == name && part.charAt(1) == '=') {
        return part.substring(2);
      }
    }
    throw PostgresException.protocol("SCRAM's attribute " + name + " is missing");
  }
}
