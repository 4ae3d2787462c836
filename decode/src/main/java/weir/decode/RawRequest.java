package weir.decode;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request as the collector took it: the raw log's frame.
 *
 * @param id random; with an event's index it names events whose client sent no id
 * @param protocol whose {@link Decoder} reads the body, such as {@code segment}
 * @param project the project of the write key at the time of receipt
 * @param source the name of the write key at the time of receipt
 * @param key the write key
 * @param address the client's address, as text
 * @param receivedAt microseconds since the epoch
 * @param path the request's normalized path, such as {@code /v1/batch}
 * @param query the request's query string, empty if none
 * @param events how many events the collector accepted with it (the ledger's "accepted")
 * @param headers those that decoders read: content-type, content-encoding, user-agent, ...
 * @param body byte for byte as it arrived, still encoded as content-encoding says; not copied, not
 *     to be changed
 * @param indexes of a part of a request: where in the client's request each of its events stood,
 *     ascending; empty where it holds them all. Not copied, not to be changed
 */
public record RawRequest(
    UUID id,
    String protocol,
    String project,
    String source,
    String key,
    String address,
    long receivedAt,
    String path,
    String query,
    int events,
    List<Header> headers,
    byte[] body,
    int[] indexes) {
  private static final int[] ALL = new int[0];

  public RawRequest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(body, "body");
    if (indexes.length > 0 && indexes.length != events) {
      throw new IllegalArgumentException(indexes.length + " indexes of " + events + " events");
    }
    headers = List.copyOf(headers);
  }

  /** A request with all its events. */
  public RawRequest(
      UUID id,
      String protocol,
      String project,
      String source,
      String key,
      String address,
      long receivedAt,
      String path,
      String query,
      int events,
      List<Header> headers,
      byte[] body) {
    this(
        id,
        protocol,
        project,
        source,
        key,
        address,
        receivedAt,
        path,
        query,
        events,
        headers,
        body,
        ALL);
  }

  /** A request of some of the events, which keep the ids that are made of their places. */
  RawRequest part(int[] places, List<Header> otherHeaders, byte[] otherBody) {
    return new RawRequest(
        id,
        protocol,
        project,
        source,
        key,
        address,
        receivedAt,
        path,
        query,
        places.length,
        otherHeaders,
        otherBody,
        places);
  }

  /** Where an event stood in the client's request. */
  int indexOf(int event) {
    return event < indexes.length ? indexes[event] : event;
  }

  /** The value of the first header of this (lower case) name. */
  public @Nullable String header(String name) {
    for (Header header : headers) {
      if (header.name().equals(name)) {
        return header.value();
      }
    }
    return null;
  }
}
