package weir.query;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a query had before it.
 *
 * @param bytesScanned the compressed size of the columns of lake files that its tables consist of,
 *     whether or not all of each was read
 * @param files how many files those are in
 * @param freshTo the newest received_at in those tables; empty if they are empty, or none of them
 *     holds events
 * @param cost of the bytes, in the currency of the price; empty where there is no price
 */
public record QueryStats(
    long bytesScanned, int files, Optional<Instant> freshTo, Optional<BigDecimal> cost) {
  /** Of a query that reads no lake table. */
  public static final QueryStats NONE = new QueryStats(0, 0, Optional.empty(), Optional.empty());

  private static final int TERABYTE = 12;

  public QueryStats {
    Objects.requireNonNull(freshTo, "freshTo");
    Objects.requireNonNull(cost, "cost");
  }

  /** With what the bytes cost at a price for 10^12 of them; without where that is 0. */
  public QueryStats at(BigDecimal pricePerTerabyte) {
    Optional<BigDecimal> costs =
        pricePerTerabyte.signum() == 0
            ? Optional.empty()
            : Optional.of(
                pricePerTerabyte
                    .multiply(BigDecimal.valueOf(bytesScanned))
                    .scaleByPowerOfTen(-TERABYTE)
                    .stripTrailingZeros());
    return new QueryStats(bytesScanned, files, freshTo, costs);
  }
}
