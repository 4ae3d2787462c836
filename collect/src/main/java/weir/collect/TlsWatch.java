package weir.collect;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a certificate and its key again whenever the files change, and hands them on once they fit
 * together: whoever renews them replaces one file after the other. Until then, and when they are
 * broken or gone, the port goes on with what it has. Connections that are open stay open.
 */
public final class TlsWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);
  private static final long POLL_MILLIS = 500;

  private final TlsFiles files;
  private final Vertx vertx;
  private final Consumer<ServerSSLOptions> update;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private byte[] certificate;
  private byte[] key;
  private String complaint = "";

  private TlsWatch(
      TlsFiles files,
      TlsFiles.Identity known,
      String port,
      Vertx vertx,
      Consumer<ServerSSLOptions> update) {
    this.files = files;
    this.vertx = vertx;
    this.update = update;
    this.certificate = known.options().getCertValue().getBytes();
    this.key = known.options().getKeyValue().getBytes();
    this.thread = Thread.ofPlatform().name("tls-watch-" + port).daemon().unstarted(this::watch);
  }

  /**
   * Watches until closed.
   *
   * @param known what the port has
   * @param port its name, for the thread's
   * @param update takes what new connections are to meet
   */
  public static TlsWatch start(
      TlsFiles files,
      TlsFiles.Identity known,
      String port,
      Vertx vertx,
      Consumer<ServerSSLOptions> update) {
    TlsWatch watch = new TlsWatch(files, known, port, vertx, update);
    watch.thread.start();
    return watch;
  }

  /** How a port with this identity meets new connections. */
  public static ServerSSLOptions options(PemKeyCertOptions identity) {
    return new ServerSSLOptions().setKeyCertOptions(identity).setUseAlpn(true);
  }

  private void watch() {
    try {
      while (!closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        poll();
      }
    } catch (InterruptedException e) {
      LOG.debug("{} stopped", Thread.currentThread().getName());
    }
  }

  private void poll() {
    try {
      byte[] newCertificate = TlsFiles.bytes(files.certificate());
      byte[] newKey = TlsFiles.bytes(files.key());
      if (Arrays.equals(newCertificate, certificate) && Arrays.equals(newKey, key)) {
        complaint = "";
        return;
      }
      TlsFiles.Identity identity = files.parse(vertx, newCertificate, newKey);
      update.accept(options(identity.options()));
      certificate = newCertificate;
      key = newKey;
      complaint = "";
      LOG.info(
          "the certificate in {} is in use; it is valid until {}",
          files.certificate(),
          identity.validUntil());
    } catch (IOException e) {
      complain(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      complain(e.toString());
    }
  }

  private void complain(String why) {
    if (!why.equals(complaint)) {
      complaint = why;
      LOG.warn("going on with the certificate that was read before: {}", why);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
