package weir.metadata;

/**
 * A key that events are sent with.
 *
 * @param source the name that events sent with it bear
 */
public record WriteKey(String key, String project, String source) {}
