package weir.server.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import weir.process.LedgerPage;

/**
 * What a request asks of the ledger: the rows that begin in a stretch of time, page by page.
 *
 * @param from included
 * @param to not included
 * @param after only rows after it
 * @param limit how many rows at most
 */
public record LedgerQuestion(Instant from, Instant to, LedgerPage.Place after, int limit) {
  static final int MOST = 10_000;

  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  /**
   * Reads it.
   *
   * @throws ApiError.Thrown if a parameter cannot be read
   */
  static LedgerQuestion of(Call call, Instant now) {
    String limit = call.request().getParam("limit");
    String cursor = call.request().getParam("cursor");
    return new LedgerQuestion(
        TimeParameter.parse("from", call.request().getParam("from"), now, FIRST),
        TimeParameter.parse("to", call.request().getParam("to"), now, LAST),
        cursor == null || cursor.isEmpty() ? LedgerPage.Place.BEGINNING : place(cursor),
        limit == null ? MOST : PageParameters.limit(limit, MOST));
  }

  /** A place as text that means nothing to others. */
  public static String cursor(LedgerPage.Place place) {
    String text = place.minute() + ":" + place.source();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static LedgerPage.Place place(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return new LedgerPage.Place(
          Long.parseLong(text.substring(0, Math.max(0, colon))), text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      throw new ApiError.Thrown(
          new ApiError(
              400, "invalid_cursor", "cursor must be the next_cursor of an answer from here"));
    }
  }
}
