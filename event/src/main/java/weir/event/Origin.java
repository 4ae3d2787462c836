package weir.event;

import java.util.Objects;

/**
 * What every decision about a raw event carries, whatever it decides.
 *
 * @param project the project that the write key belongs to
 * @param source the name of the write key
 * @param receivedAt when the collector received the request, in microseconds since the epoch
 * @param processedAt when the decision was made, in microseconds since the epoch
 * @param rawPosition the raw event that was decided about
 */
public record Origin(
    String project, String source, long receivedAt, long processedAt, RawPosition rawPosition) {
  public Origin {
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(rawPosition, "rawPosition");
  }
}
