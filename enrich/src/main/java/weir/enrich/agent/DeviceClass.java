package weir.enrich.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The class of a device, from what its agent has always said of it. */
final class DeviceClass {
  private static final List<Probe.Literal> TV =
      literals(
          "smart-tv",
          "smarttv",
          "googletv",
          "google tv",
          "appletv",
          "apple tv",
          "hbbtv",
          "web0s",
          "webos.tv",
          "bravia",
          "crkey",
          "roku",
          "netcast",
          "android tv",
          "viera",
          "philipstv",
          "dtv",
          "tv safari");
  private static final List<Probe.Literal> CONSOLE = literals("playstation", "xbox", "nintendo");
  private static final List<Probe.Literal> WEARABLE =
      literals("watchos", "wear os", "sm-r8", "sm-r9");
  private static final List<Probe.Literal> TABLET =
      literals(
          "ipad", "playbook", "kindle", "silk/", "sm-t", "sm-x", "nexus 7", "nexus 9", "nexus 10");
  private static final Probe.Literal ANY_TABLET = new Probe.Literal("tablet");

  /** What Internet Explorer says wherever Windows has its pen services, on desks too. */
  private static final Probe.Literal TABLET_PC = new Probe.Literal("tablet pc");

  private static final List<Probe.Literal> MOBILE =
      literals(
          "mobi",
          "iphone",
          "ipod",
          "windows phone",
          "blackberry",
          "opera mini",
          "iemobile",
          "harmonyos",
          "kaios");

  /** What all models of Fire TV begin with: AFTMM, AFTKA. */
  private static final Probe.Literal FIRE_TV = new Probe.Literal("aft");

  private static final Probe.Literal ANDROID = new Probe.Literal("android");
  private static final Probe.Literal MOBILE_BROWSER = new Probe.Literal("mobile");

  private DeviceClass() {}

  private static List<Probe.Literal> literals(String... texts) {
    return List.of(texts).stream().map(Probe.Literal::new).toList();
  }

  /**
   * @param os the system's family; null if it is not known
   */
  static @Nullable String of(Probe agent, @Nullable String os) {
    boolean android = agent.contains(ANDROID);
    if (anyWord(agent, TV) || (android && agent.startsWord(FIRE_TV))) {
      return "tv";
    }
    if (anyWord(agent, CONSOLE)) {
      return "console";
    }
    if (anyWord(agent, WEARABLE)) {
      return "wearable";
    }
    if (any(agent, TABLET)
        || (agent.contains(ANY_TABLET) && !agent.contains(TABLET_PC))
        || (android && !agent.contains(MOBILE_BROWSER))) {
      return "tablet";
    }
    if (android || any(agent, MOBILE)) {
      return "mobile";
    }
    return os != null && isDesktop(os) ? "desktop" : null;
  }

  /** An app may be called Riviera, or Minecraft. */
  private static boolean anyWord(Probe agent, List<Probe.Literal> literals) {
    for (Probe.Literal literal : literals) {
      if (agent.startsWord(literal)) {
        return true;
      }
    }
    return false;
  }

  private static boolean any(Probe agent, List<Probe.Literal> literals) {
    for (Probe.Literal literal : literals) {
      if (agent.contains(literal)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDesktop(String os) {
    return switch (os) {
      case "Windows",
          "Mac OS X",
          "Mac OS",
          "Linux",
          "Ubuntu",
          "Fedora",
          "Debian",
          "Chrome OS",
          "FreeBSD",
          "OpenBSD",
          "NetBSD",
          "Solaris",
          "Kubuntu",
          "SUSE",
          "Red Hat",
          "CentOS",
          "Gentoo",
          "Mandriva",
          "Slackware",
          "Arch Linux",
          "Linux Mint" ->
          true;
      default -> false;
    };
  }
}
