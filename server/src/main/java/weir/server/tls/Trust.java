package weir.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Which servers' certificates are believed. */
public final class Trust {
  private Trust() {}

  /** Every certificate: for whoever would tell nothing that must stay secret. */
  public static SSLContext anyone() {
    return context(new AnyoneTrust());
  }

  /**
   * Certificates that an authority in a PEM file has signed, for the name that is asked for.
   *
   * @throws IOException if the file cannot be read, or holds no certificate
   */
  public static SSLContext authorities(Path file) throws IOException {
    return context(manager(store(certificates(file))));
  }

  /**
   * The very certificate of a PEM file, whatever name it bears, and what this system believes
   * anyway.
   *
   * @throws IOException if the file cannot be read, or holds no certificate
   */
  public static SSLContext exactly(Path file) throws IOException {
    Certificate expected = certificates(file).iterator().next();
    return context(new ExactTrust(expected, manager(null)));
  }

  private static SSLContext context(TrustManager manager) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException(file + " holds no certificate");
      }
      return found;
    } catch (CertificateException e) {
      throw new IOException(file + " holds no certificate in PEM: " + e.getMessage(), e);
    }
  }

  private static KeyStore store(Collection<? extends Certificate> certificates) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (Certificate each : List.copyOf(certificates)) {
        store.setCertificateEntry("authority-" + store.size(), each);
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificates cannot be used", e);
    }
  }

  private static X509ExtendedTrustManager manager(
      @org.jspecify.annotations.Nullable KeyStore authorities) throws IOException {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(authorities);
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509ExtendedTrustManager manager) {
          return manager;
        }
      }
      throw new IOException("this Java has no trust manager for X.509");
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificates cannot be used", e);
    }
  }
}
