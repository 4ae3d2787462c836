package weir.metadata;

import java.time.Instant;

/** A project that is open. */
public record Project(String name, Instant createdAt) {}
