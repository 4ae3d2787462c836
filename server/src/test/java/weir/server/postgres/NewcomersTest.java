package weir.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NewcomersTest {
  private static final Duration LONG = Duration.ofHours(1);

  private ServerSocket listener;
  private final List<Socket> clients = new ArrayList<>();

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getByName("0.0.0.0"));
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
    for (Socket client : clients) {
      client.close();
    }
  }

  /** The server's end of a connection from an address of the loopback. */
  private Socket from(String address) throws IOException {
    Socket client =
        new Socket(
            InetAddress.getByName("127.0.0.1"),
            listener.getLocalPort(),
            InetAddress.getByName(address),
            0);
    clients.add(client);
    Socket accepted = listener.accept();
    clients.add(accepted);
    return accepted;
  }

  @Test
  void theOldestOfTheAddressWithMostGoes() throws IOException {
    try (Newcomers newcomers = new Newcomers(3, LONG)) {
      Socket other = from("127.0.0.2");
      Socket first = from("127.0.0.3");
      Socket second = from("127.0.0.3");
      Socket third = from("127.0.0.3");
      newcomers.enter(other);
      newcomers.enter(first);
      newcomers.enter(second);
      newcomers.enter(third);
      assertThat(newcomers.count()).isEqualTo(3);
      assertThat(first.isClosed()).isTrue();
      assertThat(List.of(other.isClosed(), second.isClosed(), third.isClosed()))
          .containsOnly(false);
      assertThat(newcomers.leave(first)).isFalse();
      assertThat(newcomers.leave(other)).isTrue();
      newcomers.enter(from("127.0.0.2"));
      assertThat(second.isClosed()).isFalse();
    }
  }

  @Test
  void whoSaysNothingIsSentAway() throws IOException {
    try (Newcomers newcomers = new Newcomers(3, Duration.ofMillis(50))) {
      Socket silent = from("127.0.0.2");
      newcomers.enter(silent);
      Awaitility.await().until(silent::isClosed);
      assertThat(newcomers.count()).isZero();
    }
  }

  @Test
  void whoHasProvedWhoItIsStays() throws IOException {
    try (Newcomers newcomers = new Newcomers(1, LONG)) {
      Socket known = from("127.0.0.2");
      newcomers.enter(known);
      assertThat(newcomers.leave(known)).isTrue();
      newcomers.enter(from("127.0.0.2"));
      newcomers.enter(from("127.0.0.2"));
      assertThat(known.isClosed()).isFalse();
    }
  }
}
