package weir.enrich.agent;

import org.jspecify.annotations.Nullable;

/**
 * What a user agent says. Families are named as the ua-parser project names them.
 *
 * @param browser such as {@code Mobile Safari}
 * @param browserVersion such as {@code 18.3.1}
 * @param os such as {@code iOS}
 * @param deviceModel such as {@code iPhone}; null for computers, which say none
 * @param deviceType mobile, tablet, desktop, tv, console or wearable
 * @param bot whether it is a program that nobody sits at
 */
public record AgentFacts(
    @Nullable String browser,
    @Nullable String browserVersion,
    @Nullable String os,
    @Nullable String osVersion,
    @Nullable String deviceModel,
    @Nullable String deviceType,
    boolean bot) {}
