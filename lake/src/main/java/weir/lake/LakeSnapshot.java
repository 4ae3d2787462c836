package weir.lake;

import java.util.Objects;

/**
 * What a project's tables hold, each at one commit of its own. The two commit separately, so their
 * positions may differ.
 */
public record LakeSnapshot(String project, LakeTable events, LakeTable badEvents) {
  public LakeSnapshot {
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(events, "events");
    Objects.requireNonNull(badEvents, "badEvents");
  }
}
