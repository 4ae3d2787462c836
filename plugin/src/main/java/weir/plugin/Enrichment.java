package weir.plugin;

import java.util.List;

/** A plug-in that changes each event in place, and leaves none out. */
public interface Enrichment extends Plugin {
  /** Changes an event. */
  void enrich(Event event) throws Exception;

  @Override
  default List<Event> process(Event event) throws Exception {
    enrich(event);
    return List.of(event);
  }
}
