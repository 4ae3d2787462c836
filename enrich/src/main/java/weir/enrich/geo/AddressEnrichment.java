package weir.enrich.geo;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Verdict;
import weir.event.EventColumn;
import weir.event.Network;

/** What is kept of addresses; the last of all enrichments, so that the others have seen them. */
public final class AddressEnrichment implements Enrichment {
  private static final int KEPT_OF_V4 = 3;
  private static final int KEPT_OF_V6 = 6;

  private final Policy policy;

  /** What is kept: all; IPv4's first three bytes and IPv6's first six; nothing. */
  public enum Policy {
    KEEP,
    MASK,
    DROP
  }

  public AddressEnrichment(Policy policy) {
    this.policy = policy;
  }

  @Override
  public String name() {
    return "ip";
  }

  @Override
  public String description() {
    return "keeps, masks or drops the ip, once all others have seen it";
  }

  @Override
  public Verdict enrich(Draft event) {
    String address = event.text(EventColumn.IP);
    if (address != null && policy != Policy.KEEP) {
      InetAddress known = policy == Policy.MASK ? Network.address(address) : null;
      if (known == null) {
        event.clear(EventColumn.IP);
      } else {
        event.set(EventColumn.IP, masked(known));
      }
    }
    return Verdict.PASS;
  }

  private static String masked(InetAddress address) {
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, bytes.length == 4 ? KEPT_OF_V4 : KEPT_OF_V6, bytes.length, (byte) 0);
    try {
      return InetAddresses.toAddrString(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
