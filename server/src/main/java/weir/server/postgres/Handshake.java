package weir.server.postgres;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import weir.metadata.ApiKey;
import weir.metadata.KeyStore;

/**
 * What a client says before its first statement: whether it wants TLS, who it is, and the proof.
 *
 * <p>The database is the project, the password one of its API keys, the user's name anything. The
 * proof is by SCRAM-SHA-256; where that cannot be, since the client is Redshift's driver, which
 * does not know it, or a key has no verifier yet, the password itself is asked for, over TLS or on
 * the loopback alone.
 */
final class Handshake {
  private static final int PROTOCOL = 3 << 16;
  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final int CANCEL_REQUEST = 80_877_102;
  private static final String REDSHIFT_MARK = "driver_version";
  private static final PostgresException WRONG =
      new PostgresException(
          "28P01", "no such project, or the password is not an API key of this project");

  private final Supplier<Optional<SSLContext>> tls;
  private final KeyStore keys;
  private Socket socket;
  private DataInputStream in;
  private BackendOutput out;
  private Map<String, String> parameters = Map.of();

  Handshake(Socket socket, Supplier<Optional<SSLContext>> tls, KeyStore keys) throws IOException {
    this.socket = socket;
    this.tls = tls;
    this.keys = keys;
    this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    this.out = new BackendOutput(socket.getOutputStream());
  }

  /** What a connection is for. */
  sealed interface Purpose {
    /** A session with the project of a key. */
    record Open(ApiKey key, Map<String, String> parameters) implements Purpose {}

    /** The end of what another connection runs. */
    record Cancel(int process, int secret) implements Purpose {}
  }

  /** Where the connection goes on; another than before once TLS is agreed on. */
  DataInputStream in() {
    return in;
  }

  BackendOutput out() {
    return out;
  }

  Purpose run() throws IOException, PostgresException {
    while (true) {
      FrontendMessage first = FrontendMessage.readFirst(in);
      int code = first.int32();
      switch (code) {
        case SSL_REQUEST -> negotiate();
        case GSS_REQUEST -> answer('N');
        case CANCEL_REQUEST -> {
          return new Purpose.Cancel(first.int32(), first.int32());
        }
        default -> {
          return open(code, first);
        }
      }
    }
  }

  private void answer(char letter) throws IOException {
    socket.getOutputStream().write(letter);
    socket.getOutputStream().flush();
  }

  private void negotiate() throws IOException {
    Optional<SSLContext> context = tls.get();
    if (context.isEmpty() || socket instanceof SSLSocket) {
      answer('N');
      return;
    }
    if (in.available() > 0) {
      throw new IOException("something was sent before TLS was agreed on");
    }
    answer('S');
    SSLSocket secured =
        (SSLSocket)
            context
                .get()
                .getSocketFactory()
                .createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    secured.setUseClientMode(false);
    secured.startHandshake();
    socket = secured;
    in = new DataInputStream(new java.io.BufferedInputStream(secured.getInputStream()));
    out = new BackendOutput(secured.getOutputStream());
  }

  private Purpose open(int protocol, FrontendMessage message)
      throws IOException, PostgresException {
    if (protocol >>> 16 != PROTOCOL >>> 16) {
      throw new PostgresException("0A000", "only protocol 3.0 is understood");
    }
    Map<String, String> given = new LinkedHashMap<>();
    while (message.hasMore()) {
      String name = message.text();
      if (name.isEmpty()) {
        break;
      }
      given.put(name, message.text());
    }
    parameters = given;
    if (tls.get().isPresent() && !(socket instanceof SSLSocket)) {
      throw new PostgresException("28000", "TLS is required: set sslmode=require");
    }
    negotiateVersion(protocol);
    String project = given.getOrDefault("database", given.getOrDefault("user", ""));
    return new Purpose.Open(authenticate(project), Map.copyOf(given));
  }

  /** Says that of protocol 3 only 3.0 is understood, and none of its options. */
  private void negotiateVersion(int protocol) throws IOException {
    List<String> options =
        parameters.keySet().stream().filter(name -> name.startsWith("_pq_.")).toList();
    if (protocol == PROTOCOL && options.isEmpty()) {
      return;
    }
    out.message(
        'v',
        body -> {
          body.writeInt(PROTOCOL);
          body.writeInt(options.size());
          for (String option : options) {
            BackendOutput.text(body, option);
          }
        });
  }

  private ApiKey authenticate(String project) throws IOException, PostgresException {
    List<KeyStore.Verifiable> known = keys.verifiers(project);
    boolean isPrivate = socket instanceof SSLSocket || socket.getInetAddress().isLoopbackAddress();
    boolean cannotScram =
        parameters.containsKey(REDSHIFT_MARK)
            || known.stream().anyMatch(key -> key.verifier().isEmpty());
    ApiKey key = cannotScram && isPrivate ? password(project) : scram(project, known);
    authentication(0, null);
    return key;
  }

  private ApiKey password(String project) throws IOException, PostgresException {
    authentication(3, null);
    out.flush();
    String password = answer().text();
    return keys.find(password)
        .filter(key -> key.project().equals(project))
        .orElseThrow(() -> WRONG);
  }

  private ApiKey scram(String project, List<KeyStore.Verifiable> known)
      throws IOException, PostgresException {
    authentication(10, ScramExchange.MECHANISM + "\0\0");
    out.flush();
    FrontendMessage initial = answer();
    if (!initial.text().equals(ScramExchange.MECHANISM)) {
      throw PostgresException.protocol("the mechanism must be " + ScramExchange.MECHANISM);
    }
    initial.int32();
    ScramExchange exchange = new ScramExchange(project, known);
    authentication(11, exchange.first(utf8(initial.rest())));
    out.flush();
    Optional<String> proof = exchange.last(utf8(answer().rest()));
    if (proof.isEmpty()) {
      throw WRONG;
    }
    authentication(12, proof.get());
    return exchange.proven().orElseThrow();
  }

  private FrontendMessage answer() throws IOException, PostgresException {
    FrontendMessage message = FrontendMessage.read(in);
    if (message.type() != 'p') {
      throw PostgresException.protocol("a password message is expected");
    }
    return message;
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void authentication(int kind, @Nullable String data) throws IOException {
    out.message(
        'R',
        body -> {
          body.writeInt(kind);
          if (data != null) {
            body.write(data.getBytes(StandardCharsets.UTF_8));
          }
        });
  }
}
