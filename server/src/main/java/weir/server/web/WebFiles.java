package weir.server.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** The files of the page, read once and compressed once. */
public final class WebFiles {
  private static final List<String> NAMES =
      List.of(
          "index.html",
          "base.css",
          "live.css",
          "events.css",
          "sql.css",
          "insights.css",
          "insight-charts.css",
          "narrow.css",
          "icon.svg",
          "api.js",
          "chart.js",
          "distribution-chart.js",
          "distribution.js",
          "dom.js",
          "events.js",
          "examples.js",
          "figures.js",
          "funnel-chart.js",
          "funnel.js",
          "insight-catalog.js",
          "insight-fields.js",
          "insight-words.js",
          "insight.js",
          "insights.js",
          "main.js",
          "path.js",
          "persons.js",
          "result.js",
          "retention-grid.js",
          "retention.js",
          "sankey.js",
          "send.js",
          "sessions.js",
          "sql.js",
          "trend.js");

  private final Map<String, WebFile> files;

  private WebFiles(Map<String, WebFile> files) {
    this.files = Map.copyOf(files);
  }

  /**
   * Reads them.
   *
   * @throws IOException if one is missing, which is a fault of the build
   */
  public static WebFiles load() throws IOException {
    Map<String, WebFile> files = new HashMap<>();
    for (String name : NAMES) {
      try (InputStream in =
          Objects.requireNonNull(WebFiles.class.getResourceAsStream(name), name)) {
        files.put(name, file(name, in.readAllBytes()));
      }
    }
    return new WebFiles(files);
  }

  /** The file of this name, if the page has one. */
  public Optional<WebFile> named(String name) {
    return Optional.ofNullable(files.get(name));
  }

  private static WebFile file(String name, byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 2);
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    }
    return new WebFile(type(name), etag(bytes), bytes, compressed.toByteArray());
  }

  private static String etag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("no media type for " + name);
    };
  }
}
