package weir.collect;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.event.Network;
import weir.event.WrittenAddress;

/**
 * Holds requests to the rules of their write keys. Safe for use by several threads, and without
 * cost where a key has no rules.
 *
 * <p>A rate is that of a token bucket: a request is let in while there is a token, and takes one
 * for each of its events, so that a batch larger than the bucket is not refused for ever; what it
 * takes beyond is waited for by those after it.
 */
final class Admission {
  private final TimeMeter time;
  private final KeyUsage usage;
  private final Map<String, Limited> buckets = new ConcurrentHashMap<>();

  /** A bucket, and the rules that it was made for. */
  private record Limited(long rate, long capacity, Bucket bucket) {}

  /**
   * @param nanos time that passes, whatever its origin
   */
  Admission(LongSupplier nanos, KeyUsage usage) {
    this.usage = usage;
    this.time =
        new TimeMeter() {
          @Override
          public long currentTimeNanos() {
            return nanos.getAsLong();
          }

          @Override
          public boolean isWallClockBased() {
            return false;
          }
        };
  }

  /**
   * What speaks against a request of which the head is known; null where nothing does.
   *
   * @param origin of the page that sends; null where there is none
   * @param address of the client, as far as it is known
   */
  @Nullable Refusal atHead(
      WriteKey key, Supplier<@Nullable String> origin, Supplier<String> address) {
    KeyRules rules = key.rules();
    if (rules == KeyRules.NONE) {
      return null;
    }
    Refusal wrong =
        rules.origins().isEmpty() && !rules.originRequired() ? null : origin(rules, origin.get());
    if (wrong == null && !(rules.allow().isEmpty() && rules.deny().isEmpty())) {
      wrong = address(rules, address.get());
    }
    if (wrong == null && rules.rate() > 0) {
      long wait = bucket(key).estimateAbilityToConsume(1).getNanosToWaitForRefill();
      wrong = wait == 0 ? null : tooFast(rules, wait);
    }
    return wrong != null || rules.quota() == 0 || usage.events(key.key()) < rules.quota()
        ? wrong
        : quotaExceeded(rules);
  }

  /** Counts events that came with a key; what speaks against them, and null where nothing does. */
  @Nullable Refusal take(WriteKey key, int events) {
    KeyRules rules = key.rules();
    if (rules == KeyRules.NONE) {
      return null;
    }
    if (rules.rate() > 0) {
      Bucket bucket = bucket(key);
      ConsumptionProbe first = bucket.tryConsumeAndReturnRemaining(1);
      if (!first.isConsumed()) {
        return tooFast(rules, first.getNanosToWaitForRefill());
      }
      if (events > 1) {
        bucket.consumeIgnoringRateLimits(events - 1L);
      }
    }
    return rules.quota() == 0 || usage.take(key.key(), events, rules.quota())
        ? null
        : quotaExceeded(rules);
  }

  /** A request with a key could not be read: it counts towards the rate like an event. */
  void wasted(WriteKey key) {
    if (key.rules().rate() > 0) {
      bucket(key).consumeIgnoringRateLimits(1);
    }
  }

  /** Events that were taken and could not be stored. */
  void giveBack(WriteKey key, int events) {
    if (key.rules().quota() > 0) {
      usage.giveBack(key.key(), events);
    }
  }

  private Bucket bucket(WriteKey key) {
    KeyRules rules = key.rules();
    Limited known = buckets.get(key.key());
    if (known == null || known.rate() != rules.rate() || known.capacity() != rules.capacity()) {
      Limited made =
          new Limited(
              rules.rate(),
              rules.capacity(),
              Bucket.builder()
                  .withCustomTimePrecision(time)
                  .addLimit(limit ->
                      limit
                          .capacity(rules.capacity())
                          .refillGreedy(rules.rate(), Duration.ofSeconds(1)))
                  .build());
      known =
          buckets.merge(
              key.key(),
              made,
              (before, after) ->
                  before.rate() == after.rate() && before.capacity() == after.capacity()
                      ? before
                      : after);
    }
    return known.bucket();
  }

  private static @Nullable Refusal origin(KeyRules rules, @Nullable String origin) {
    if (origin == null) {
      return rules.originRequired()
          ? forbidden(
              "origin_not_allowed",
              "this write key takes what web pages send, and the request has no Origin: use"
                  + " another key for servers and apps, or set require_origin to false")
          : null;
    }
    List<AllowedOrigin> allowed = rules.origins();
    return allowed.isEmpty() || allowed.stream().anyMatch(each -> each.matches(origin))
        ? null
        : forbidden(
            "origin_not_allowed",
            "pages of "
                + origin
                + " may not send with this write key: add it to the key's origins");
  }

  private static @Nullable Refusal address(KeyRules rules, String text) {
    InetAddress address = Network.address(WrittenAddress.bare(text));
    boolean allowed =
        address != null
            && (rules.allow().isEmpty() || holds(rules.allow(), address))
            && !holds(rules.deny(), address);
    return allowed
        ? null
        : forbidden(
            "address_not_allowed",
            "the address "
                + text
                + " may not send with this write key: change the key's allow and deny, or"
                + " collect.trusted_proxies if it is a proxy's");
  }

  private static boolean holds(List<Network> networks, InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  private static Refusal forbidden(String code, String message) {
    return Refusal.of(
        403,
        code,
        message
            + " (./weir key change, PATCH /api/v1/keys/ID; of a webhook ./weir webhook change)");
  }

  private static Refusal tooFast(KeyRules rules, long nanos) {
    return Refusal.limited(
        "rate_limited",
        "this write key may send " + rules.rate() + " events a second: send again later",
        Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1)));
  }

  private Refusal quotaExceeded(KeyRules rules) {
    return Refusal.limited(
        "quota_exceeded",
        "this write key may send "
            + rules.quota()
            + " events a month (UTC), and these would be more: raise its monthly_quota, or send"
            + " again next month",
        usage.secondsLeft());
  }
}
