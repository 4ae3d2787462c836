package weir.testkit;

import java.net.Socket;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** An HTTPS client that believes every certificate and remembers which it was shown. */
public final class TestClient implements AutoCloseable {
  private final List<X509Certificate> shown = new CopyOnWriteArrayList<>();
  private final SSLContext context;
  private final HttpClient http;

  public TestClient() throws GeneralSecurityException {
    context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Believing()}, null);
    http = HttpClient.newBuilder().sslContext(context).build();
  }

  /** Prefers HTTP/2. */
  public HttpClient http() {
    return http;
  }

  public SSLContext context() {
    return context;
  }

  /** The certificates that servers showed, one for each full handshake. */
  public List<X509Certificate> shown() {
    return List.copyOf(shown);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private final class Believing extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      shown.add(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      shown.add(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      shown.add(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
