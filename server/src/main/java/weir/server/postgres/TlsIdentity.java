package weir.server.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.collect.TlsFiles;
import weir.collect.TlsWatch;

/** The certificate that new connections meet; read again when its files change. */
final class TlsIdentity implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsIdentity.class);

  private final Vertx vertx;
  private volatile SSLContext context;
  private @Nullable TlsWatch watch;

  private TlsIdentity(Vertx vertx, SSLContext context) {
    this.vertx = vertx;
    this.context = context;
  }

  /**
   * Reads the files, and again when they change.
   *
   * @throws IOException if they cannot be read or understood
   */
  static TlsIdentity watch(TlsFiles files) throws IOException {
    Vertx vertx = PostgresServer.smallVertx();
    try {
      TlsFiles.Identity identity = files.read(vertx);
      TlsIdentity own = new TlsIdentity(vertx, context(vertx, identity.options()));
      own.watch =
          TlsWatch.start(
              files,
              identity,
              "postgres",
              vertx,
              renewed -> own.renew(renewed.getKeyCertOptions()));
      return own;
    } catch (IOException | RuntimeException e) {
      vertx.close();
      throw e;
    }
  }

  private void renew(@Nullable KeyCertOptions options) {
    try {
      if (options != null) {
        context = context(vertx, options);
      }
    } catch (IOException e) {
      LOG.warn("going on with the certificate that was read before", e);
    }
  }

  private static SSLContext context(Vertx vertx, KeyCertOptions options) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(options.getKeyManagerFactory(vertx).getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate cannot be used", e);
    } catch (Exception e) {
      throw new IOException("the certificate cannot be read", e);
    }
  }

  SSLContext context() {
    return context;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    vertx.close();
  }
}
