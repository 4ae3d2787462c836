package weir.enrich;

import org.jspecify.annotations.Nullable;

/**
 * Who sent an event, beside what its columns say.
 *
 * @param userAgent of the program that the person used: stated by the client, or its request's own
 *     where a browser or app sent it; null where nobody knows
 * @param ownAddress whether the column {@code ip} is the person's, not that of a server or of an
 *     import that speaks for them
 */
public record Sender(
    String project,
    String source,
    long receivedAt,
    @Nullable String userAgent,
    boolean ownAddress) {}
