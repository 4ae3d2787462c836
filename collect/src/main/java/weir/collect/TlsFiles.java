package weir.collect;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate, with those that lead to a known authority behind it, and its key, in PEM files.
 *
 * @param certificate the port's own certificate first
 * @param key without a password: PKCS#8, or an RSA or EC key in its older form
 */
public record TlsFiles(Path certificate, Path key) {
  private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA");

  public TlsFiles {
    Objects.requireNonNull(certificate, "certificate");
    Objects.requireNonNull(key, "key");
  }

  /**
   * What the files held when they were read.
   *
   * @param options for a server of Vert.x
   * @param validUntil when the certificate expires
   */
  public record Identity(PemKeyCertOptions options, Instant validUntil) {}

  /**
   * Reads both.
   *
   * @throws IOException naming the file and what is wrong with it, if they cannot be used
   */
  public Identity read(Vertx vertx) throws IOException {
    return parse(vertx, bytes(certificate), bytes(key));
  }

  Identity parse(Vertx vertx, byte[] certificateBytes, byte[] keyBytes) throws IOException {
    PemKeyCertOptions options =
        new PemKeyCertOptions()
            .setCertValue(Buffer.buffer(certificateBytes))
            .setKeyValue(Buffer.buffer(keyBytes));
    try {
      for (KeyManager manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
        if (manager instanceof X509KeyManager keys) {
          return new Identity(options, validUntil(keys));
        }
      }
      throw new IOException(certificate + " and " + key + " are not a certificate and its key");
    } catch (IOException e) {
      throw e;
    } catch (Exception e) { // Vert.x declares nothing narrower
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException(
          certificate + " and " + key + " cannot be used as PEM certificate and key: " + why, e);
    }
  }

  private Instant validUntil(X509KeyManager keys) throws IOException, GeneralSecurityException {
    for (String type : KEY_TYPES) {
      String[] aliases = keys.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        X509Certificate own = keys.getCertificateChain(aliases[0])[0];
        if (!belong(keys.getPrivateKey(aliases[0]), own.getPublicKey())) {
          throw new IOException(key + " is not the key of the certificate in " + certificate);
        }
        return own.getNotAfter().toInstant();
      }
    }
    throw new IOException(
        certificate + " is of another kind than these: " + String.join(", ", KEY_TYPES));
  }

  static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + " may not be read by this user", e);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean belong(PrivateKey key, PublicKey certified)
      throws GeneralSecurityException {
    String algorithm =
        switch (certified.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
      return false;
    }
    byte[] sample = certified.getEncoded();
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(sample);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(sample);
    return signature.verify(signed);
  }
}
