package weir.server.web;

/**
 * A file of the page.
 *
 * @param type its media type
 * @param etag a strong one, in quotes
 * @param plain its bytes; not to be changed
 * @param gzip the same, compressed; not to be changed
 */
public record WebFile(String type, String etag, byte[] plain, byte[] gzip) {}
